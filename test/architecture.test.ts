import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..');

/**
 * The rooms of `modules/`, the highest floor first. An import only points to a lower floor, never up and never
 * sideways: a room that must react to one above or beside it does so through a job.
 */
const FLOORS = [
  ['index'],
  ['commands'],
  ['partner-program.module', 'migrate', 'testing'],
  ['partner-program', 'dashboard', 'profile'],
  ['commissions', 'wallets', 'invitations', 'membership'],
  ['partners', 'plans', 'terms', 'settings', 'accounts', 'operations', 'api-keys', 'webhooks'],
  ['notifications'],
  ['mail', 'audit'],
  ['timeline', 'web', 'jobs', 'ledger'],
  ['metrics'],
  ['options'],
  ['host'],
  ['kernel'],
];

interface Import {
  /** A path from the root without extension, or the name of a package. */
  readonly to: string;
  /** Gone after compilation. */
  readonly typeOnly: boolean;
}

interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => {
      const path = join(folder, name);
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
}

function importsOf(path: string, text: string): Import[] {
  const typesOnly = new Set(
    ts
      .createSourceFile(path, text, ts.ScriptTarget.Latest)
      .statements.filter((statement) => ts.isImportDeclaration(statement) && hasNoValue(statement.importClause))
      .map((statement) => ((statement as ts.ImportDeclaration).moduleSpecifier as ts.StringLiteral).text),
  );
  return ts.preProcessFile(text).importedFiles.map(({ fileName }) => ({
    to: fileName.startsWith('.') ? target(join(dirname(path), fileName)) : fileName,
    typeOnly: typesOnly.has(fileName),
  }));
}

function hasNoValue(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.isTypeOnly) return true;
  const named = clause.namedBindings;
  return !clause.name && !!named && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
}

function target(path: string): string {
  return existsSync(join(root, `${path}.ts`)) ? path : join(path, 'index');
}

/** `modules/wallets/…` → `wallets`, `modules/host.ts` → `host`. */
function roomOf(path: string): string {
  return relative('modules', path).replace(/\.ts$/, '').split('/')[0] ?? '';
}

function floorOf(room: string): number {
  const floor = FLOORS.findIndex((rooms) => rooms.includes(room));
  if (floor < 0) throw new Error(`The room "${room}" stands on no floor: add it to FLOORS.`);
  return floor;
}

describe('the architecture', () => {
  const modules = sourceFiles('modules');
  const src = sourceFiles('src');

  it('lets an import point down only, never up, never sideways', () => {
    const wrong = modules.flatMap(({ path, imports }) =>
      imports
        .filter(({ to }) => to.startsWith('modules/') && roomOf(to) !== roomOf(path))
        .filter(({ to }) => floorOf(roomOf(to)) <= floorOf(roomOf(path)))
        .map(({ to }) => `${path} → ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it('gives the host one door', () => {
    const wrong = src.flatMap(({ path, imports }) =>
      imports
        .filter(({ to }) => /^(modules|migrations)\//.test(to))
        .filter(({ to }) => to !== 'modules/index' && to !== 'migrations/reference-crm/index')
        .map(({ to }) => `${path} → ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps the module apart from its host', () => {
    const own = /^(modules\/|migrations\/index$)/;
    const wrong = modules.flatMap(({ path, imports }) =>
      imports
        .filter(({ to }) => /^(src|test|bench|migrations|modules)\//.test(to) && !own.test(to))
        .map(({ to }) => `${path} → ${to}`),
    );
    expect(wrong).toEqual([]);
    expect(modules.filter(({ text }) => /\bAPP_(GUARD|FILTER|PIPE|INTERCEPTOR)\b/.test(text))).toEqual([]);
  });

  it('has no barrel but the door', () => {
    expect(modules.map(({ path }) => path).filter((path) => path.endsWith('/index.ts'))).toEqual(['modules/index.ts']);
  });

  // The web room is the framework's side of things; there a name without a role is merely short.
  const rooms = modules.filter(({ path }) => path.split('/').length > 2 && !/^modules\/(web|testing)\//.test(path));
  const pure = rooms.filter(({ path }) => /\/[^/.]+\.ts$/.test(path));

  /** Of Node itself, what only turns bytes into bytes. */
  const CALCULATING = new Set(['node:crypto', 'node:zlib']);

  it('keeps a file without a second word pure: no framework, no database, no clock, no chance', () => {
    const paths = new Set(pure.map(({ path }) => path.replace(/\.ts$/, '')));
    const impure = pure.flatMap(({ path, imports }) =>
      imports
        .filter(({ to, typeOnly }) => !typeOnly && !CALCULATING.has(to) && !paths.has(to))
        .map(({ to }) => `${path} → ${to}`),
    );
    const moody = /\bnew Date\(\)|\bDate\.now\(|\bMath\.random\(|\bprocess\.|\bconsole\./;
    expect(impure).toEqual([]);
    expect(pure.filter(({ text }) => moody.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('gives every other file a role as its second word', () => {
    const roles = /\.(module|service|controller|dto|entity|queries|guard|filter|interceptor|command)\.ts$/;
    const named = rooms.filter((file) => !pure.includes(file)).map(({ path }) => path);
    expect(named.filter((path) => !roles.test(path))).toEqual([]);
  });
});
