import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const PAGE = 'docs/reference/requirements.md';

/** `[P16]` in a title, also as one of several. */
const NAMED = /\[([A-Z]{1,3}\d{1,3})\]/g;

describe('the requirements by id', () => {
  const listed = [...readFileSync(join(ROOT, PAGE), 'utf8').matchAll(/^\| ([A-Z]{1,3}\d{1,3}) \|/gm)].map(
    ([, id]) => id!,
  );
  const named = new Map<string, string>();
  for (const name of readdirSync(__dirname, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.test.ts')) continue;
    for (const [, id] of readFileSync(join(__dirname, name), 'utf8').matchAll(NAMED)) named.set(id!, name);
  }

  it('have a line each for every id that a title names', () => {
    const known = new Set(listed);
    expect([...named].filter(([id]) => !known.has(id)).map(([id, file]) => `${id} in ${file}`)).toEqual([]);
  });

  it('have no line twice', () => {
    expect(listed.filter((id, index) => listed.indexOf(id) !== index)).toEqual([]);
  });

  it('are what the comments of the program mean', () => {
    const modules = join(ROOT, 'modules');
    const known = new Set(listed);
    const meant = readdirSync(modules, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) =>
        [...readFileSync(join(modules, name), 'utf8').matchAll(/@see ([^*\n]+)/g)].flatMap(([, ids]) =>
          [...ids!.matchAll(/\b[A-Z]{1,3}\d{1,3}\b/g)].map(([id]) => ({ id, name })),
        ),
      );
    expect(meant.filter(({ id }) => !known.has(id)).map(({ id, name }) => `${id} in ${name}`)).toEqual([]);
  });
});
