import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { DataSource } from 'typeorm';
import { partnerProgramMigrations, runCommandLine } from '../../../modules';
import { JobWorker } from '../../../modules/platform/jobs/worker.service';
import { bootApp, type TestApp } from '../../support/app';
import { testCluster, withDatabase } from '../../support/cluster';
import { freshDatabase, type FreshDatabase } from '../../support/database';
import { type Member, Office } from '../../support/program';

let database: FreshDatabase;
let app: TestApp;
let seller: Member;
let planVersionId: string;

beforeAll(async () => {
  database = await freshDatabase();
  app = await bootApp({ database, worker: false });
  const office = await Office.open(app);
  planVersionId = await office.levels(1_000, 500);
  const director = await office.member();
  seller = await office.member(director, { firstName: '=1+1', lastName: 'Żółć "x"' });
  await office.status(await office.contract(seller, 100_00), 'signed');
  await app.nest.get(JobWorker).drain();
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

/** A command as the application's role, or on another database. */
async function run(command: string, url = database.url) {
  const texts = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        texts[name] += chunk.toString();
        done();
      },
    });
  const args = [...command.split(' '), '--database-url', url];
  const code = await runCommandLine(args, { out: stream('out'), err: stream('err') });
  return { code, ...texts, json: () => JSON.parse(texts.out) as Record<string, unknown> };
}

/** What only a superuser can do: changes something, looks, and changes it back. */
async function tampered(sql: string, undo: string, look: () => Promise<void>): Promise<void> {
  const change = (statement: string) =>
    app.owner.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query(statement);
    });
  await change(sql);
  try {
    await look();
  } finally {
    await change(undo);
  }
}

describe('partner-program', () => {
  it('tells what there is, and ends with 2 for what there is not', async () => {
    const help = await run('--help');
    expect(help).toMatchObject({ code: 0, err: '' });
    for (const command of ['migrate', 'doctor', 'integrity', 'rederive', 'simulate', 'reconcile', 'export']) {
      expect(help.out).toContain(`  ${command} `);
    }
    expect(await run('nonsense')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('unknown command') });
    expect(await run('integrity --nonsense')).toMatchObject({ code: 2, err: expect.stringContaining('--nonsense') });
  });

  it('runs as a program of its own, with the database of DATABASE_URL', async () => {
    const root = join(__dirname, '../../..');
    const command = ['-r', join(root, 'test/support/compile.js'), join(root, 'modules/commands/bin.command.ts')];
    const env = { ...process.env, DATABASE_URL: database.url };
    const { code, stdout } = await new Promise<{ code: number; stdout: string }>((resolve) => {
      execFile(process.execPath, [...command, 'integrity', '--json'], { env }, (error, stdout) =>
        resolve({ code: error ? Number(error.code) : 0, stdout }),
      );
    });
    expect({ code, ok: (JSON.parse(stdout) as { ok: boolean }).ok }).toEqual({ code: 0, ok: true });
  });

  it('says in a sentence why it cannot run, and keeps passwords to itself', async () => {
    const nobody = 'postgres://somebody:geheim@127.0.0.1:1/nothing';
    expect(await run('doctor', nobody)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('127.0.0.1:1'),
    });
    expect(await run('doctor', 'mysql://x:geheim@y')).toMatchObject({
      code: 2,
      err: expect.stringContaining('postgres://'),
    });
    for (const url of [nobody, 'mysql://x:geheim@y']) expect((await run('migrate', url)).err).not.toContain('geheim');
  });
});

describe('integrity', () => {
  it('[Q6] proves the books, as sentences or as JSON', async () => {
    expect(await run('integrity')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('Everything holds.'),
    });
    expect((await run('integrity --json')).json()).toMatchObject({ ok: true, checks: expect.any(Array) });
  });

  it('shows how far it is where somebody is looking, and leaves the result alone', async () => {
    let shown = '';
    const err = Object.assign(
      new Writable({ write: (chunk: Buffer, _, done) => ((shown += chunk.toString()), done()) }),
      { isTTY: true, columns: 80 },
    );
    let result = '';
    const out = new Writable({ write: (chunk: Buffer, _, done) => ((result += chunk.toString()), done()) });
    expect(await runCommandLine(['integrity', '--json', '--database-url', database.url], { out, err })).toBe(0);
    expect(shown).toMatch(/Rules .* 1\/\d\d/);
    expect(JSON.parse(result)).toMatchObject({ ok: true });
  });

  it('[Q6] ends with 1 when a rule is broken, and names what breaks it', async () => {
    const set = (minor: number) => `update partner_program.commission_line set posted_minor = ${minor} where level = 0`;
    await tampered(set(999), set(1000), async () => {
      expect(await run('integrity')).toMatchObject({ code: 1, out: expect.stringMatching(/BROKEN {2}L4 .*\n +\{/) });
      expect((await run('integrity --json')).json()).toMatchObject({ ok: false });
    });
  });
});

describe('rederive', () => {
  it('[Q3] derives everything again, and ends with 1 when something differs', async () => {
    expect(await run('rederive')).toMatchObject({ code: 0, out: 'Contracts: 1, differences: 0\n' });
    const set = (minor: number) => `update partner_program.commission_line set amount_minor = ${minor} where level = 0`;
    await tampered(set(900), set(1000), async () => {
      const found = await run('rederive --json');
      expect(found.code).toBe(1);
      expect(found.json()).toMatchObject({
        ok: false,
        contracts: 1,
        differences: [{ eventVersion: 2, level: 0, field: 'amountMinor', stored: 900, derived: 1000 }],
      });
      expect((await run('rederive')).out).toContain('version 2 level 0: amountMinor is 900, derived 1000\n');
    });
  });
});

describe('simulate', () => {
  const time = '--from 2000-01-01 --to 2999-01-01';

  it('[Q9] tells what contracts cost and would have cost', async () => {
    const { code, out } = await run(`simulate --plan ${planVersionId} ${time}`);
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('Contracts: 1; PLN\u00a015.00 before'),
    });
    expect((await run(`simulate --plan ${planVersionId} ${time} --json`)).json()).toMatchObject({
      currency: 'PLN',
      totalBeforeMinor: 15_00,
      totalAfterMinor: 15_00,
    });
  });

  it.each([
    ['simulate --plan 01a20109-b9a5-768c-bb78-40aa79510742 --from 2000-01-01 --to 2001-01-01', 'no version of a plan'],
    ['simulate --plan 01a20109-b9a5-768c-bb78-40aa79510742 --from 2001-01-01 --to 2000-01-01', 'ends before it begins'],
    ['simulate --plan x --from 2000-01-01 --to 2001-01-01', 'That is no id.'],
    ['simulate --plan 01a20109-b9a5-768c-bb78-40aa79510742 --from then --to 2001-01-01', 'Write a date as'],
    ['simulate --plan 01a20109-b9a5-768c-bb78-40aa79510742', '--from'],
  ])('refuses %s', async (command, sentence) => {
    expect(await run(command)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(sentence) });
  });
});

describe('reconcile', () => {
  const standing = `partner_program.job where key = 'recurring:reconcile'`;

  it('[F28] cannot run where no worker ever did, and gives up waiting for one that is away', async () => {
    expect(await run('reconcile')).toMatchObject({ code: 2, err: expect.stringContaining('No worker has run') });
    await app.owner.query(
      `insert into partner_program.job (key, kind, payload) values ('recurring:reconcile', 'reconcile', '{}')`,
    );
    expect(await run('reconcile --wait 1')).toMatchObject({
      code: 2,
      err: expect.stringContaining('within 1 seconds'),
    });
    await app.owner.query(`delete from ${standing}`);
  });

  it('[F28] [P12] brings in what the CRM never told: the commission follows, once', async () => {
    const own = await freshDatabase();
    const running = await bootApp({ database: own });
    try {
      const office = await Office.open(running);
      await office.levels(1000);
      const seller = await office.member();
      const id = await office.contract(seller, 100_00);
      await office.settled();
      await running.owner.query(
        `with signed as (update crm.contract set status = 'signed', version = version + 1 where id = $1 returning *)
         insert into crm.contract_change
           (contract_id, version, number, status, seller_id, client_id, value_minor, currency, product, occurred_at)
         select id, version, number, status, seller_id, client_id, value_minor, currency, product, now() from signed`,
        [id],
      );
      for (let times = 0; times < 2; times++) {
        expect(await run('reconcile', own.url)).toMatchObject({ code: 0 });
        await office.settled();
        expect(await office.available(seller)).toEqual([10_00]);
      }
      const told = await running.owner.query(`select key from partner_program.job where kind = 'contract' order by id`);
      expect(told).toEqual([{ key: `contract:${id}:1` }, { key: `contract:${id}:2` }]);
    } finally {
      await running.close();
      await own.drop();
    }
  });

  it('[F28] has the running program ask the CRM now, and tells when the CRM does not answer', async () => {
    const own = await freshDatabase();
    const running = await bootApp({ database: own });
    try {
      expect(await run('reconcile', own.url)).toMatchObject({ code: 0, out: expect.stringContaining('was asked') });
      expect((await run('reconcile --json', own.url)).json()).toMatchObject({ ok: true, error: null });
      await running.owner.query('alter table crm.contract_change rename to away');
      const failed = await run('reconcile --json', own.url);
      expect(failed.code).toBe(1);
      expect(failed.json()).toMatchObject({ ok: false, error: expect.stringMatching(/contract_change.*$/) });
      await running.owner.query('alter table crm.away rename to contract_change');
    } finally {
      await running.close();
      await own.drop();
    }
  });
});

describe('export', () => {
  it('[F76] writes partners as CSV in which no sheet finds a formula', async () => {
    const { code, out, err } = await run('export partners');
    expect({ code, err }).toEqual({ code: 0, err: '2 rows\n' });
    const [header, , row] = out.split('\n');
    expect(header).toMatch(/^id,user_id,first_name,last_name,email,/);
    expect(row).toContain(`,'=1+1,"Żółć ""x""",${seller.email},`);
  });

  it('writes the ledger as lines of JSON, in order and balanced', async () => {
    const { out } = await run('export ledger --format ndjson');
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map(({ account, amount_minor: minor, line }) => [line, account, minor])).toEqual([
      [1, 'available', 1000],
      [2, 'available', 500],
      [3, 'commissions', -1500],
    ]);
    expect(rows[0]).toMatchObject({ kind: 'commission', currency: 'PLN', partner_id: seller.partnerId, level: 0 });
  });

  it('writes only what was recorded in a time', async () => {
    expect((await run('export ledger --to 2001-01-01')).out).toMatch(/^transaction_id,line,[^\n]*\n$/);
    expect((await run('export ledger --from 2001-01-01 --format ndjson')).out.split('\n')).toHaveLength(4);
  });

  it('writes a file that only its owner can read, and overwrites none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'partner-program-export-'));
    const file = join(folder, 'ledger.csv');
    try {
      expect(await run(`export ledger --output ${file}`)).toMatchObject({ code: 0, out: '', err: '3 rows\n' });
      expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(await run(`export partners --output ${file}`)).toMatchObject({
        code: 2,
        err: expect.stringContaining('it is there already'),
      });
      expect(readFileSync(file, 'utf8')).toMatch(/^transaction_id/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('knows what it can write', async () => {
    expect(await run('export secrets')).toMatchObject({ code: 2, err: expect.stringContaining('ledger, partners') });
    expect(await run('export ledger --format xml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('csv, ndjson'),
    });
  });
});

describe('migrate', () => {
  it('makes the tables and grants what the application needs, once', async () => {
    const { ownerUrl, name } = testCluster();
    const server = await new DataSource({ type: 'postgres', url: ownerUrl }).initialize();
    const empty = `${name}_empty`;
    await server.query(`create database ${empty}`);
    const [owner, role] = [withDatabase(ownerUrl, empty), new URL(withDatabase(ownerUrl, empty))];
    role.username = role.password = name;
    try {
      expect(await run('integrity', owner)).toMatchObject({
        code: 2,
        err: expect.stringContaining('partner-program migrate'),
      });
      expect((await run(`migrate --grant-to ${name} --json`, owner)).json()).toEqual({
        ok: true,
        migrations: expect.arrayContaining(partnerProgramMigrations.map((migration) => migration.name)),
        grantedTo: name,
      });
      expect(await run('migrate', owner)).toMatchObject({ code: 0, out: 'The tables were up to date.\n' });
      expect(await run('integrity', role.href)).toMatchObject({ code: 0 });
      expect(await run('migrate --grant-to nobody_at_all', owner)).toMatchObject({
        code: 2,
        err: expect.stringContaining('nobody_at_all'),
      });
    } finally {
      await server.query(`drop database ${empty} with (force)`);
      await server.destroy();
    }
  });
});
