import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { DataSource } from 'typeorm';
import ts from 'typescript';
import { NOBODY_REASONS } from '../modules/money/attribution/attribution';
import { LINE_REASONS } from '../modules/money/commissions/calculation/commission-split';
import { NOTIFICATION_KINDS } from '../modules/platform/notifications/facts';
import { RetentionService } from '../modules/platform/retention/retention.service';
import { WEBHOOK_EVENTS } from '../modules/platform/webhooks/webhook-events';
import { ChangeSettingsDto } from '../modules/rules/settings/settings.dto';
import * as reference from '../scripts/reference';
import { CATALOGUE, schemaPicture, type Table, tablesInWords } from '../scripts/schema-picture';
import { bootApp, type TestApp } from './support/app';
import { testCluster } from './support/cluster';
import { freshDatabase, type FreshDatabase } from './support/database';
import { Office } from './support/program';

const root = reference.ROOT;
/** Set by `npm run docs`: what differs is written instead of refused. */
const writing = process.env.WRITE_DOCS === '1';

/** Compares a file with what it should be, or makes it so. */
function expectFile(path: string, wanted: string): void {
  if (writing) writeFileSync(join(root, path), wanted);
  expect(readFileSync(join(root, path), 'utf8')).toBe(wanted);
}

/** Compares what stands between `<!-- made: name -->` and `<!-- made -->` with what the code says. */
function expectMade(path: string, name: string, made: string): void {
  const text = readFileSync(join(root, path), 'utf8');
  const [before, rest] = text.split(`<!-- made: ${name} -->\n`) as [string, string];
  const end = rest.indexOf('<!-- made -->');
  expectFile(path, `${before}<!-- made: ${name} -->\n\n${made}\n\n${rest.slice(end)}`);
}

describe('the reference, which `npm run docs` writes', () => {
  let database: FreshDatabase;
  let tables: Table[];
  let kinds: { kind: string }[];

  beforeAll(async () => {
    database = await freshDatabase();
    const db = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
    tables = await db.query(CATALOGUE, [testCluster().name]);
    kinds = await db.query('select kind from partner_program.posting_kind');
    await db.destroy();
  });
  afterAll(() => database.drop());

  it.each([
    ['codes.md', 'refusals', reference.refusals],
    ['permissions.md', 'permissions', reference.permissions],
    ['http-api.md', 'routes', reference.routes],
    ['settings.md', 'options', reference.options],
    ['settings.md', 'environment', reference.environment],
    ['host.md', 'methods', reference.hostMethods],
    ['command-line.md', 'help', reference.commandLine],
    ['schema.md', 'tables', () => tablesInWords(tables)],
  ])('%s says of %s what the code says', async (file, name, made) => {
    expectMade(`docs/reference/${file}`, name, await made());
  });

  it('has every table in the picture', () => {
    expectFile('docs/reference/schema.svg', schemaPicture(tables));
  });

  it('says of every table what it is', () => {
    const words = reference.wordsOfTables();
    expect(tables.map(({ name }) => name).filter((name) => name !== 'migration' && !words.get(name)?.words)).toEqual(
      [],
    );
  });

  it('names every reason of a commission line, every kind of transaction and every setting', () => {
    expect(namesIn('codes.md', 'Reasons of a commission line')).toEqual([...LINE_REASONS]);
    expect(namesIn('codes.md', 'Reasons why nobody is credited')).toEqual([...NOBODY_REASONS]);
    expect(namesIn('codes.md', 'Kinds of ledger transactions').toSorted()).toEqual(
      kinds.map(({ kind }) => kind).toSorted(),
    );
    const source = readFileSync(join(root, 'modules/rules/settings/settings.dto.ts'), 'utf8');
    const fields = source.slice(source.indexOf(ChangeSettingsDto.name), source.indexOf('}\n'));
    expect(namesIn('settings.md', 'Settings of the program')).toEqual(
      [...fields.matchAll(/(\w+)\?:/g)].map(([, name]) => name),
    );
  });

  it('names every field of a told change, and everything that partners and other systems are told of', () => {
    const told = readFileSync(join(root, 'docs/reference/events.md'), 'utf8').split('\n## ')[1]!;
    const named = [...told.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell]) => cell!.replaceAll('`', '').split(', '));
    const fields = ['HostContract', 'ContractChange'].flatMap((name) => reference.membersOf('modules/host.ts', name));
    expect(named.toSorted()).toEqual(fields.map(({ name }) => name).toSorted());
    expect(namesIn('events.md', 'What the program tells partners')).toEqual([...NOTIFICATION_KINDS]);
    expect(namesIn('events.md', 'What the program tells other systems: webhooks')).toEqual([...WEBHOOK_EVENTS]);
  });

  it('knows every variable that the environment may set', () => {
    const config = readFileSync(join(root, 'src/config.ts'), 'utf8');
    const known = namesIn('settings.md', 'Environment of the reference CRM');
    expect(known.toSorted()).toEqual(
      [...new Set([...config.matchAll(/\benv\.([A-Z_]+)/g)].map(([, name]) => name))].toSorted(),
    );
  });
});

it('operate.md says what is deleted, and when', async () => {
  const app = await bootApp({ worker: false });
  const { lines } = app.nest.get(RetentionService);
  await app.close();
  const kept = (days: number) => (days === 0 ? 'not at all' : `${days} days`);
  const rows = lines.map(({ what, days, everySeconds }) => {
    return `| ${what} | ${kept(days)} | ${everySeconds === undefined ? 'day' : `${everySeconds} s`} |`;
  });
  expectMade('docs/how-to/operate.md', 'retention', ['| what | kept | every |', '|---|---|---|', ...rows].join('\n'));
});

/** What stands in code marks in the first cells of the table below a heading. */
function namesIn(file: string, heading: string): string[] {
  const text = readFileSync(join(root, 'docs/reference', file), 'utf8');
  const part = text.slice(text.indexOf(`## ${heading}\n`)).split(/\n## /)[0]!;
  return [...part.matchAll(/^\| `([\w.]+)`/gm)].map(([, name]) => name!);
}

const pages = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'DECISIONS.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path)),
].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

const withoutBlocks = (text: string): string => text.replace(/^ *```[\s\S]*?^ *```/gm, '');

/** As GitHub names the headings of a page. */
function anchorsOf(path: string): string[] {
  const text = withoutBlocks(readFileSync(join(root, path), 'utf8'));
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The blocks of a language. */
function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```/gm)]
    .filter(([, , name]) => name === language)
    .map(([, , , body]) => body!);
}

describe.each(pages)('$path', ({ path, text }) => {
  it('leads nowhere that is not there', () => {
    const links = [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const dead = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file, anchor] = link.split('#') as [string, string?];
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it('was merged to the end', () => {
    expect(text).not.toMatch(/^(<{7}|={7}$|>{7})/m);
  });

  it('names files of the repository that exist', () => {
    const named = [...withoutBlocks(text).matchAll(/`((?:docs|test|modules|src|scripts|openapi|bench)\/[\w./-]+)`/g)];
    expect(named.map(([, file]) => file!).filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it('names commands and options that exist', async () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const run = [...text.matchAll(/npm run ([a-z-]+)/g)].map(([, name]) => name!);
    expect(run.filter((name) => !(name in scripts))).toEqual([]);

    const wrong: string[] = [];
    const called =
      /partner-program(?: --)? (migrate|doctor|integrity|rederive|simulate|reconcile|export|after-restore)\b(.*)/g;
    const unknown = [...text.matchAll(/npx partner-program ([a-z-]+)/g)].map(([, name]) => name!);
    const whole = await reference.help([]);
    wrong.push(...unknown.filter((name) => !whole.includes(`\n  ${name} [`)));
    for (const [, name, rest] of blocksOf(text, 'sh').flatMap((block) => [...block.matchAll(called)])) {
      const help = await reference.help([name!]);
      wrong.push(...[...rest!.matchAll(/--[a-z-]+/g)].map(([flag]) => flag).filter((flag) => !help.includes(flag)));
    }
    expect(wrong).toEqual([]);
  });
});

it('has blocks of TypeScript that the compiler takes', () => {
  // Those of README and tutorial are compiled in real applications, by `package.test.ts`.
  const blocks = pages
    .filter(({ path }) => path.startsWith('docs/') && path !== 'docs/tutorial.md')
    .flatMap(({ path, text }) =>
      blocksOf(text, 'ts').map((body, index) => ({ path: `${path}.${index + 1}.ts`, body })),
    );
  expect(blocks.length).toBeGreaterThan(3);
  const files = new Map(blocks.map(({ path, body }) => [join(root, path), body]));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8'));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => files.has(path) || disk.fileExists(path),
    readFile: (path) => files.get(path) ?? disk.readFile(path),
    getSourceFile: (path, version) =>
      files.has(path) ? ts.createSourceFile(path, files.get(path)!, version, true) : disk.getSourceFile(path, version),
  };
  const program = ts.createProgram(
    [...files.keys()],
    {
      ...options,
      noEmit: true,
      incremental: false,
      tsBuildInfoFile: undefined,
      noUnusedLocals: false,
      paths: {
        'nestjs-partner-program': [join(root, 'modules/index.ts')],
        'nestjs-partner-program/testing': [join(root, 'modules/testing/host-contract.ts')],
      },
    },
    host,
  );
  const complaints = [...files.keys()].flatMap((path) => {
    const source = program.getSourceFile(path)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
  expect(complaints).toEqual([]);
}, 120_000);

describe('the way from a spreadsheet', () => {
  let app: TestApp;
  let folder: string;

  beforeAll(async () => {
    app = await bootApp();
    folder = mkdtempSync(join(tmpdir(), 'partner-program-sheet-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await app.close();
  });

  it('[P14] [Q7] puts people in their places and opens their balances, once, however often it is gone', async () => {
    const office = await Office.open(app);
    const [anna, jan] = [await office.member(), await office.member()];
    const page = pages.find(({ path }) => path.endsWith('migrate-from-spreadsheets.md'))!.text;
    writeFileSync(join(folder, 'migrate.mjs'), blocksOf(page, 'js')[0]!);
    const sheet = blocksOf(page, 'csv')[0]!
      .replaceAll('anna@crm.example', anna.email)
      .replaceAll('jan@crm.example', jan.email);
    writeFileSync(join(folder, 'partners.csv'), `${sheet}ola@crm.example,${jan.email},500\n`);
    const scopes = ['viewAllPartners:read', 'configure:write', 'manageBalances:write'];
    const made = await office.admin
      .post('/partner-program/settings/api-keys')
      .send({ name: 'Sheet', scopes })
      .expect(201);
    const { key } = made.body as { key: string };
    const migrate = async () => {
      const env = { ...process.env, PROGRAM: app.url, KEY: key };
      return (await promisify(execFile)('node', ['migrate.mjs', 'partners.csv'], { cwd: folder, env })).stdout;
    };

    expect((await migrate()).split('\n')).toEqual([
      `${jan.email}: placed`,
      `${jan.email}: opened with 12050`,
      'ola@crm.example: not here yet',
      '',
    ]);
    expect(await migrate()).toBe('ola@crm.example: not here yet\n');
    const { body } = await office.admin.get(`/partner-program/partners/${jan.partnerId}`).expect(200);
    expect(body).toMatchObject({ sponsorId: anna.partnerId });
    expect(await office.available(anna, jan)).toEqual([0, 12050]);
  });
});
