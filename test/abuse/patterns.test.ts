import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { getMetadataStorage, validateSync } from 'class-validator';
import ts from 'typescript';
import { stepsOf } from './steps';

jest.setTimeout(120_000);

const root = join(__dirname, '..', '..');
const SHORT = 300;
const LONG = 4 * SHORT;
/** Four times the text may take four times the work, and a little more. */
const MOST_GROWTH = 6;
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

/** What grows faster than the text: at its square, sixteen times. */
const growsTooFast = (before: number, after: number): boolean =>
  after > LONG && (after > MOST_GROWTH * before || after === Infinity);

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

/** What a pattern begins with, as far as it is plain letters. */
const beginningOf = ({ source }: RegExp): string =>
  /^\^?((?:[\w@ :-]|\\[/.-])*)/.exec(source)![1]!.replaceAll('\\', '');

/** The text with which a pattern takes far more steps than it has letters. */
function weakPoint(pattern: RegExp, prefixes = ['', beginningOf(pattern)]): string | undefined {
  const hit = attacks(prefixes).find((textOf) =>
    growsTooFast(stepsOf(pattern, textOf(SHORT)), stepsOf(pattern, textOf(LONG))),
  );
  return hit && JSON.stringify(hit(12));
}

/** The patterns that a task applies to a text of this length, wherever they are written. */
function patternsMet(task: () => void, length: number): RegExp[] {
  const exec = jest.spyOn(RegExp.prototype, 'exec');
  task();
  const met = exec.mock.calls.flatMap(([text], call) => (text.length >= length ? [exec.mock.contexts[call]!] : []));
  exec.mockRestore();
  return [...new Map(met.map((pattern) => [String(pattern), pattern])).values()];
}

describe('[F85] a long text', () => {
  it.each([/^(a+)+$/, /\s+$/, /^(\w+\s?)*$/, /^([a-z]*)*@$/, /a.*b.*c.*!$/])(
    'is found to be too much for a pattern like %s',
    (pattern) => expect(weakPoint(pattern)).toBeDefined(),
  );

  it.each(patterns())('costs no more than its length: %s', (_, pattern) => {
    expect(weakPoint(pattern)).toBeUndefined();
  });

  const PREFIXES = ['', 'a@', 'https://a.'];
  const validateAll = (of: Awaited<ReturnType<typeof bodies>>, length: number) => {
    const texts = attacks(PREFIXES, ['\u0001']).map((textOf) => textOf(length));
    for (const [, fields, Body] of of) {
      for (const text of texts) {
        validateSync(Object.assign(new Body(), Object.fromEntries(fields.map((field) => [field, text]))));
      }
    }
  };

  it('meets only such patterns wherever a body or an address may hold a text', async () => {
    const all = await bodies();
    const met = patternsMet(() => validateAll(all, SHORT), SHORT);
    expect(met.length).toBeGreaterThan(3);
    expect(met.flatMap((pattern) => weakPoint(pattern, PREFIXES) ?? [])).toEqual([]);
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
