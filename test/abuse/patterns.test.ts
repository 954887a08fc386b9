import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataStorage, validateSync } from 'class-validator';
import ts from 'typescript';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');
/** As long as a body lets a text be. */
const LONG = 100_000;
/** What patterns are made of, one of each. */
const LETTERS = [...'aAżb0 9-_.@/%"\'<>&:;,=+?#!()[]{}|\\~*$^\n\r\t\0', '\u{1F600}'];
const PAIRS = [
  'a ',
  ' a',
  'a-',
  'a.',
  'a@',
  'a/',
  'a,',
  '0,',
  '0.',
  '0 ',
  '{}',
  '#{',
  '\r\n',
  ' \n',
  '/ ',
  'a=',
  '""',
  'ab',
  'a0',
];

/** Work of the processor, in milliseconds; the least of three tries where it is worth it, as others work here too. */
function workOf(task: () => unknown): number {
  let least = Infinity;
  for (let tries = 0; tries < 3 && least > LITTLE_MS; tries++) {
    const before = process.cpuUsage();
    task();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/** Below this it does not matter how it grows. */
const LITTLE_MS = 15;
/** Each sixteen times as long as the one before: what grows without measure is caught while it is short. */
const LENGTHS = [24, 400, 6_400, LONG];

/** Whether a text sixteen times as long takes far more than sixteen times the work. */
function growsTooFast(task: (text: string) => unknown, textOf: (length: number) => string): boolean {
  let before = 0;
  for (const length of LENGTHS) {
    const text = textOf(length);
    const work = workOf(() => task(text));
    if (work > LITTLE_MS && work > 60 * Math.max(before, 0.5)) return true;
    before = work;
  }
  return false;
}

/** Long texts around a run of the same, each as long as asked for: where it begins a match, and where nothing ends it. */
function attacks(prefixes: readonly string[], ends = ['', '\u0001']): ((length: number) => string)[] {
  return prefixes.flatMap((prefix) =>
    [...LETTERS, ...PAIRS].flatMap((pump) =>
      ends.map((end) => (length: number) => prefix + pump.repeat(length / pump.length) + end),
    ),
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : path.endsWith('.ts') ? [path] : [];
  });
}

/** Every regular expression that is written out in the code, by where it stands. */
function patterns(): [place: string, pattern: RegExp][] {
  return ['modules', 'src'].flatMap((folder) =>
    filesBelow(join(root, folder)).flatMap((path) => {
      const found: [string, RegExp][] = [];
      const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
      const visit = (node: ts.Node): void => {
        if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
          const [, body, flags] = /^\/(.*)\/([a-z]*)$/s.exec((node as ts.RegularExpressionLiteral).text)!;
          found.push([`${path.slice(root.length + 1)} /${body}/${flags}`, new RegExp(body!, flags)]);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
      return found;
    }),
  );
}

/** With everything that a search may do: find the first, find all, and put something else in their place. */
const use = (pattern: RegExp) => (text: string) => {
  pattern.lastIndex = 0;
  return pattern.global ? text.replace(pattern, '') : pattern.exec(text);
};

/** What a pattern begins with, as far as it is plain letters. */
const beginningOf = ({ source }: RegExp): string =>
  /^\^?((?:[\w@ :-]|\\[/.-])*)/.exec(source)![1]!.replaceAll('\\', '');

function weakPoint(pattern: RegExp): string | undefined {
  const hit = attacks(['', beginningOf(pattern)]).find((textOf) => growsTooFast(use(pattern), textOf));
  return hit && JSON.stringify(hit(12));
}

describe('[F85] a long text', () => {
  it.each([/^(a+)+$/, /\s+$/, /^(\w+\s?)*$/, /^([a-z]*)*@$/, /a.*b.*c.*!$/])(
    'is found to be too much for a pattern like %s',
    (pattern) => expect(weakPoint(pattern)).toBeDefined(),
  );

  it.each(patterns())('costs no more than its length: %s', (_, pattern) => {
    expect(weakPoint(pattern)).toBeUndefined();
  });

  it('costs no more than its length wherever a body or an address may hold a text', async () => {
    const weak = (await bodies()).flatMap(([name, fields, Body]) => {
      const validate = (text: string) =>
        validateSync(Object.assign(new Body(), Object.fromEntries(fields.map((field) => [field, text]))));
      const hit = attacks(['', 'a@', 'https://a.'], ['\u0001']).find((textOf) => growsTooFast(validate, textOf));
      return hit ? [[name, hit(12)]] : [];
    });
    expect(weak).toEqual([]);
  });
});

/** Every class that the shape of a body or an address is checked by, with its fields. */
async function bodies(): Promise<[name: string, fields: string[], Body: new () => object][]> {
  const files = filesBelow(join(root, 'modules')).filter((path) => path.endsWith('.dto.ts'));
  const rooms = await Promise.all(files.map((path) => import(path) as Promise<object>));
  const classes = rooms.flatMap((room) => Object.values(room));
  return classes.flatMap((Body: unknown) => {
    if (typeof Body !== 'function') return [];
    const rules = getMetadataStorage().getTargetValidationMetadatas(Body, '', false, false);
    const fields = [...new Set(rules.map(({ propertyName }) => propertyName))];
    return fields.length > 0 ? [[Body.name, fields, Body as new () => object]] : [];
  });
}
