import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { csvOptions, textCell } from '../../../modules/kernel/csv-cells';
import { LOCALES } from '../../../modules/kernel/locale';

const evil = [
  'x,=1',
  'x;=1',
  ',"=1',
  '; ""+1',
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '\0=1',
  '＝1',
  '＋1',
  '－1',
  '＠x',
  ' =1',
  '\ufeff=1',
  "=cmd|'/C calc'!A0",
];

describe('[F76] a text in a table', () => {
  it.each(evil)('begins like no formula: %j', (text) => {
    expect(textCell(text)).toMatch(/^'|[,;]'/);
    expect(textCell(text)).not.toMatch(/[\r\n\t\0]/);
  });

  it('stays as it is when it begins like none', () => {
    for (const text of ['Zażółć', 'a=b', '12-34', '', '„cytat”; i średnik']) expect(textCell(text)).toBe(text);
  });

  it('never begins like a formula, in either delimiter, whatever it says', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.oneof(fc.constantFrom(...evil, ...'=+-@;,"\t\r\n\0\' a'), fc.string()))
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), fc.constantFrom(...LOCALES), (texts, locale) => {
        const table = stringify([texts.map(textCell)], csvOptions(locale)).replace(/^\ufeff/, '');
        for (const delimiter of [',', ';']) {
          for (const cell of cellsOf(table, delimiter)) expect(cell).not.toMatch(/^[=+\-@\t\r\0＝＋－＠]/);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

/** The cells as a spreadsheet takes them apart. */
function cellsOf(table: string, delimiter: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let place = 0; place < table.length; place += 1) {
    const character = table[place]!;
    if (quoted && character === '"' && table[place + 1] === '"') cell += table[(place += 1)]!;
    else if (character === '"' && (quoted || cell === '')) quoted = !quoted;
    else if (!quoted && (character === delimiter || character === '\n')) {
      cells.push(cell);
      cell = '';
    } else if (quoted || character !== '\r') cell += character;
  }
  return [...cells, cell];
}
