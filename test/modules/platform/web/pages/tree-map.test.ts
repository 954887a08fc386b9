import fc from 'fast-check';
import { treeMap } from '../../../../../modules/platform/web/pages/tree-map';

const person = (id: string, sponsorId: string | null, name = 'Ewa Nowak') => ({ id, sponsorId, name });

describe('[P11] a map of partners', () => {
  it('puts sponsors left of those below them, and nobody on another’s place', () => {
    const trees = fc.array(fc.nat(), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(trees, (sponsors) => {
        const people = sponsors.map((nth, i) => person(`${i}`, i === 0 || nth % 7 === 0 ? null : `${nth % i}`));
        const { nodes, box, width, height } = treeMap(people);
        expect(nodes).toHaveLength(people.length);
        const at = new Map(nodes.map((node) => [node.person.id, node]));
        for (const node of nodes) {
          const { sponsorId } = node.person;
          expect(node.x).toBe(sponsorId === null ? 16 : at.get(sponsorId)!.x + 240);
          expect(node.line === null).toBe(sponsorId === null);
          expect(node.x + box.width).toBeLessThanOrEqual(width);
          expect(node.y + box.height).toBeLessThanOrEqual(height);
          const onTop = nodes.filter(({ x, y }) => x === node.x && Math.abs(y - node.y) < box.height);
          expect(onTop).toEqual([node]);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('begins with whoever’s sponsor is not on it', () => {
    const { nodes } = treeMap([person('b', 'a'), person('c', 'b')]);
    expect(nodes.map(({ line }) => line)).toEqual([null, 'M200,38C228,38 228,38 256,38']);
  });

  it('cuts names where their box ends, by the room their letters take', () => {
    const label = (name: string) => treeMap([person('a', null, name)]).nodes[0]!.label;
    expect(label('Katarzyna Wójcik')).toBe('Katarzyna Wójcik');
    expect(label('Lilli Illi Filli Tilly')).toBe('Lilli Illi Filli Tilly');
    expect(label('Wolfeschlegelsteinhausen Bergerdorff')).toBe('Wolfeschlegelstein…');
    expect(label('WWWWWWWWWWWWWWWWWWWWWWW')).toBe('WWWWWWWWWWW…');
    expect(label('👩‍👩‍👧‍👦'.repeat(9))).toMatch(/…$/);
  });

  it('is empty where there is nobody', () => {
    expect(treeMap([])).toMatchObject({ nodes: [] });
  });
});
