import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(__dirname, '..');

/**
 * The rooms of `modules/`, the highest floor first: wings of rooms, and inside a wing its rooms by floors of their own. An
 * import only points to a lower floor, never up and never sideways: a room that must react to one above or beside it
 * does so through a job.
 */
const FLOORS = [
  ['index'],
  ['commands'],
  ['partner-program.module', 'migrate', 'testing'],
  ['partner-program', 'doors/dashboard', 'doors/overview', 'doors/profile', 'doors/search'],
  ['doors/membership'],
  ['doors/invitations'],
  ['money/redemptions', 'money/statements'],
  ['money/payout-accounts', 'money/wallets'],
  ['money/commissions'],
  ['money/attribution'],
  ['people/accounts', 'people/client-links'],
  ['people/partners'],
  ['rules/documents', 'rules/plans', 'rules/settings', 'rules/units'],
  ['ledger'],
  ['platform/api-keys', 'platform/operations', 'platform/webhooks'],
  ['platform/notifications'],
  ['platform/audit', 'platform/idempotency', 'platform/mail', 'platform/throttle'],
  ['platform/retention'],
  ['platform/jobs', 'platform/timeline', 'platform/web'],
  ['platform/metrics', 'platform/program'],
  ['options'],
  ['host'],
  ['kernel'],
];

/**
 * Statements that read tables of rooms above their own, and why; none is to be added. What is here would only be read
 * in more statements, or by more hops, if each room told its part.
 */
const READ_ABOVE: Readonly<Record<string, readonly string[]>> = {
  // Who sends a request is one statement for every request: person, state, place, session or key, and unseen news.
  'platform/web/access/actor.queries.ts': [
    'api_key',
    'notification',
    'notification_mark',
    'partner',
    'partner_path',
    'session',
    'suspension',
  ],
  // The log and the news call things by their names of today.
  'platform/audit/audit.queries.ts': ['partner', 'plan', 'plan_version', 'terms_version', 'webhook_endpoint'],
  'platform/notifications/notifications.queries.ts': ['partner', 'placement', 'terms_version', 'withdrawal'],
  'platform/notifications/letters/letters.queries.ts': ['partner'],
  'rules/documents/terms.queries.ts': ['partner'],
  // What a digest tells is summed where the lines stand; the integrations page says how fresh the host's reports are.
  'platform/notifications/digest/digest.queries.ts': ['calculation', 'commission_line'],
  'platform/webhooks/webhooks.queries.ts': ['calculation', 'reconciliation'],
};

/** Folders that only group rooms. */
const WINGS = ['doors', 'money', 'people', 'platform', 'rules'];

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

/** `modules/money/wallets/…` → `money/wallets`, `modules/ledger/…` → `ledger`, `modules/host.ts` → `host`. */
function roomOf(path: string): string {
  const [first = '', second = ''] = relative('modules', path).replace(/\.ts$/, '').split('/');
  return WINGS.includes(first) ? `${first}/${second}` : first;
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

  it('knows no knot in the room of the web: request below access, below forms, below pages', () => {
    const folders = ['request', 'access', 'forms', 'pages', ''];
    const folderOf = (path: string): string => {
      const [folder = '', file] = relative('modules/platform/web', path).split('/');
      return file === undefined ? '' : folder;
    };
    const wrong = modules
      .filter(({ path }) => path.startsWith('modules/platform/web/'))
      .flatMap(({ path, imports }) =>
        imports
          .filter(({ to }) => to.startsWith('modules/platform/web/') && folderOf(to) !== folderOf(path))
          .filter(({ to }) => folders.indexOf(folderOf(to)) > folders.indexOf(folderOf(path)))
          .map(({ to }) => `${path} → ${to}`),
      );
    expect(wrong).toEqual([]);
  });

  it('lets the statements of a room name its own tables and those of rooms below', () => {
    const owners = new Map(
      modules.flatMap(({ path, text }) =>
        [...text.matchAll(/@Entity\(\{ schema: 'partner_program', name: '(\w+)'/g)].map(
          ([, table]) => [table!, roomOf(path)] as const,
        ),
      ),
    );
    expect(owners.size).toBeGreaterThan(40);
    const above = modules.flatMap(({ path, text }) => {
      const room = roomOf(path);
      const named = new Set([...text.matchAll(/\bpartner_program\.(\w+)/g)].map(([, table]) => table!));
      const known = READ_ABOVE[relative('modules', path)] ?? [];
      return [...named]
        .filter((table) => owners.has(table) && owners.get(table) !== room)
        .filter((table) => floorOf(owners.get(table)!) <= floorOf(room))
        .filter((table) => !known.includes(table))
        .map((table) => `${path} reads ${table} of ${owners.get(table)!}`);
    });
    expect(above).toEqual([]);
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

  // The web room is the framework's side of things; there a name without a role is merely short. The clock is what pure
  // files must not read.
  const rooms = modules.filter(
    ({ path }) =>
      path.split('/').length > 2 && !/^modules\/(platform\/web|testing)\/|^modules\/kernel\/clock\.ts$/.test(path),
  );
  const pure = rooms.filter(({ path }) => /\/[^/.]+\.ts$/.test(path));

  /** What only turns bytes into bytes, and text into text. */
  const CALCULATING = new Set(['node:crypto', 'node:zlib', 'any-ascii']);
  /** The parsers of the driver only turn text into values. */
  const PARSING = 'modules/kernel/query.ts → pg';

  it('keeps a file without a second word pure: no framework, no database, no clock, no chance', () => {
    const paths = new Set(pure.map(({ path }) => path.replace(/\.ts$/, '')));
    const impure = pure.flatMap(({ path, imports }) =>
      imports
        .filter(({ to, typeOnly }) => !typeOnly && !CALCULATING.has(to) && !paths.has(to))
        .map(({ to }) => `${path} → ${to}`),
    );
    const moody = /\bnew Date\(\)|\bDate\.now\(|\bMath\.random\(|\bprocess\.|\bconsole\./;
    expect(impure).toEqual([PARSING]);
    expect(pure.filter(({ text }) => moody.test(text)).map(({ path }) => path)).toEqual([]);
  });

  it('gives every other file a role as its second word', () => {
    const roles = /\.(module|service|controller|dto|entity|queries|guard|filter|interceptor|command)\.ts$/;
    const named = rooms.filter((file) => !pure.includes(file)).map(({ path }) => path);
    expect(named.filter((path) => !roles.test(path))).toEqual([]);
  });

  /** What only SQL says well, or says in time: a set, a lock, another table, the clock, a calculation, an order. */
  const BEYOND_ONE_ROW = new RegExp(
    [
      /\b(with|join|using|union|exists|distinct|lateral|case|or|for (no key update|key share|update|share)|on conflict|returning|order by|limit)\b/,
      /\w\(|::|\|\||[-+*]|\$\{/,
    ]
      .map(({ source }) => source)
      .join('|'),
  );

  it('leaves a single row by its key to TypeORM', () => {
    const named = /name: '([^']+)',[^`']*?\btext:\s*[`']([^`]*?)[`'],?\n/g;
    const statements = modules
      .filter(({ path }) => path.endsWith('.queries.ts'))
      .flatMap(({ text }) =>
        [...text.matchAll(named)].map(([, name, sql]) => ({ name: name!, sql: sql!.toLowerCase() })),
      );
    const plain = statements
      .map(({ name, sql }) => ({
        name,
        sql: sql.replace(/\binto [\w.]+ \(|\bvalues \(/g, ' ').replaceAll(/\s+/g, ' '),
      }))
      .filter(({ sql }) => new Set(sql.match(/partner_program\.\w+/g)).size === 1)
      .filter(({ sql }) => /^ ?insert/.test(sql) || / where \w+ = \$/.test(sql))
      .filter(({ sql }) => !BEYOND_ONE_ROW.test(sql));
    expect(statements.length).toBeGreaterThan(100);
    expect(plain.map(({ name }) => name)).toEqual([]);
  });

  it('reads the time of the program in one place in TypeScript and in one in PostgreSQL', () => {
    // How long something takes, and how far clocks differ, is a matter of the machine.
    const machines = [
      'modules/kernel/clock.ts',
      'modules/commands/doctor/doctor.command.ts',
      'modules/commands/doctor/doctor.queries.ts',
      'modules/testing/host-contract.ts',
      'modules/testing/test-clock.ts',
      'src/crm/demo/demo-client.ts',
      'src/crm/login-limit.ts',
      'src/database/embedded-postgres.ts',
      'src/main.ts',
      'migrations/1764547200001-foundation.ts',
      'migrations/reference-crm/1763700000001-people.ts',
    ];
    const clocks =
      /new Date\(\)|Date\.now\(\)|(?<![.\w])now\(\)|\b(?:clock|transaction|statement)_timestamp\b|\bcurrent_(?:timestamp|date)\b/;
    const reading = [...modules, ...src, ...sourceFiles('migrations')]
      .filter(({ text }) => clocks.test(text.replaceAll(/^\s*(?:get )?now\(\).*\{$/gm, '')))
      .map(({ path }) => path);
    expect(reading.filter((path) => !machines.includes(path))).toEqual([]);
    expect(machines.filter((path) => !reading.includes(path))).toEqual([]);
  });
});
