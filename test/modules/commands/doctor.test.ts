import { Writable } from 'node:stream';
import { runCommandLine } from '../../../modules';
import { serverFindings, type Finding } from '../../../modules/commands/doctor/findings';
import { bootApp, type TestApp } from '../../support/app';
import { testCluster } from '../../support/cluster';
import { freshDatabase, type FreshDatabase } from '../../support/database';
import { Office } from '../../support/program';

let database: FreshDatabase;
let app: TestApp;
/** The application's role. */
const { name: role } = testCluster();

beforeAll(async () => {
  database = await freshDatabase();
  app = await bootApp({ database, worker: false });
  await (await Office.open(app)).levels(1_000);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

async function doctor(url = database.url, ...options: string[]) {
  let text = '';
  const out = new Writable({ write: (chunk: Buffer, _, done) => ((text += chunk.toString()), done()) });
  const code = await runCommandLine(['doctor', '--json', '--database-url', url, ...options], { out, err: out });
  const { ok, findings } = JSON.parse(text) as { ok: boolean; findings: Finding[] };
  return { code, ok, findings, wrong: findings.filter((finding) => !finding.ok) };
}

/** What may be wrong, how it comes about, and how it ends. */
const FAULTS: [id: string, sentence: RegExp, sql: string, undo: string][] = [
  [
    'durability',
    /can lose confirmed payments: switch .*synchronous_commit on/,
    `alter role ${role} set synchronous_commit = off`,
    `alter role ${role} reset synchronous_commit`,
  ],
  [
    'migrations',
    /run `partner-program migrate` \(Redemptions/,
    `update partner_program.migration set name = 'x' || name where name like 'Redemptions%'`,
    `update partner_program.migration set name = substr(name, 2) where name like 'xRedemptions%'`,
  ],
  [
    'migrations',
    /version before 0\.1\.0 made the tables, .*cannot take them over \(Foundation1763741000000\)/,
    `insert into partner_program.migration (timestamp, name) values (1763741000000, 'Foundation1763741000000')`,
    `delete from partner_program.migration where name = 'Foundation1763741000000'`,
  ],
  [
    'newer',
    /\(Later1999999999999\): use that version/,
    `insert into partner_program.migration (timestamp, name) values (1999999999999, 'Later1999999999999')`,
    `delete from partner_program.migration where name = 'Later1999999999999'`,
  ],
  [
    'owner',
    /owns tables \(entry\) and so can change the ledger/,
    `alter table partner_program.entry owner to ${role}`,
    `alter table partner_program.entry owner to postgres; select partner_program.grant_access('${role}')`,
  ],
  [
    'ledger',
    /may write tables of the ledger \(entry\): run `partner-program migrate --grant-to/,
    `grant delete on partner_program.entry to ${role}`,
    `revoke delete on partner_program.entry from ${role}`,
  ],
  [
    'grants',
    /may not read plan: run `partner-program migrate --grant-to/,
    `revoke all on partner_program.plan from ${role}`,
    `select partner_program.grant_access('${role}')`,
  ],
  [
    'terms',
    /nobody can join/,
    `update partner_program.terms_version set published_at = null`,
    `update partner_program.terms_version set published_at = partner_program.now_ms()`,
  ],
  [
    'plan',
    /nobody earns/,
    `update partner_program.plan_version set valid = tstzrange('2999-01-01', null)`,
    `update partner_program.plan_version set valid = tstzrange('2000-01-01', null)`,
  ],
  [
    'statuses',
    /No status of contracts pays/,
    `update partner_program.status_action set action = 'reverse'`,
    `update partner_program.status_action set action = 'accrue'`,
  ],
  [
    'timeline',
    /as of 3[56]\d\d s from now/,
    `update partner_program.timeline set calculated_until = now() + interval '1 hour'`,
    `update partner_program.timeline set calculated_until = '1970-01-01'`,
  ],
  [
    'dead-jobs',
    /given up: 1/,
    `insert into partner_program.job (key, kind, payload, status, finished_at) values ('x', 'x', '{}', 'dead', partner_program.now_ms())`,
    `delete from partner_program.job`,
  ],
  [
    'late-jobs',
    /10 minutes ago: 1\. Does a worker run/,
    `insert into partner_program.job (key, kind, payload, due_at) values ('x', 'x', '{}', now() - interval '11 minutes')`,
    `delete from partner_program.job`,
  ],
  [
    'failing-jobs',
    /again and again: mail/,
    `insert into partner_program.job (key, kind, payload, attempts, last_error) values ('x', 'mail', '{}', 4, 'no')`,
    `delete from partner_program.job`,
  ],
  [
    'reconciliation',
    /has not answered for two days/,
    `update partner_program.reconciliation set reconciled_at = now() - interval '3 days'`,
    `update partner_program.reconciliation set reconciled_at = null`,
  ],
  [
    'integrity',
    /not in order \(F28\): pay nothing out/,
    `insert into partner_program.job (key, kind, payload, status, finished_at) values ('contract:c:1', 'contract', '{"contractId":"c","version":1}', 'done', partner_program.now_ms())`,
    `delete from partner_program.job`,
  ],
];

describe('partner-program doctor', () => {
  it('[F5] finds nothing in a program that is set up, and tells what it looked at', async () => {
    const { code, ok, wrong, findings } = await doctor();
    expect(wrong.filter(({ id }) => id !== 'durability')).toEqual([]); // the server of the tests is fast instead
    expect([code, ok]).toEqual([1, false]);
    expect(findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining(FAULTS.map(([id]) => id).concat('version', 'clock', 'superuser')),
    );
  });

  it.each(FAULTS)('says when there is something about: %s', async (id, sentence, sql, undo) => {
    const change = (statement: string) =>
      app.owner.transaction(async (tx) => {
        await tx.query('set local session_replication_role = replica');
        await tx.query(statement);
      });
    await change(sql);
    try {
      const { code, wrong } = await doctor();
      expect(code).toBe(1);
      expect(wrong.map((finding) => finding.id)).toContain(id);
      expect(wrong.find((finding) => finding.id === id)?.says).toMatch(sentence);
    } finally {
      await change(undo);
    }
  });

  it('says when the application would run as a superuser', async () => {
    const { wrong } = await doctor(database.ownerUrl);
    expect(wrong).toContainEqual(
      expect.objectContaining({ id: 'superuser', says: expect.stringContaining('superuser') }),
    );
  });

  it('leaves the books out when asked', async () => {
    const { findings } = await doctor(database.url, '--no-integrity');
    expect(findings.map(({ id }) => id)).not.toContain('integrity');
  });

  it('says when there are no tables at all', async () => {
    const { code, wrong } = await doctor(testCluster().ownerUrl);
    expect(code).toBe(1);
    expect(wrong).toContainEqual(expect.objectContaining({ id: 'migrations' }));
  });

  it.each([
    [90_000, /[5-9]\d s ahead of that of the database/],
    [-90_000, /(9\d|1\d\d) s behind that of the database/],
    [-3_600_000, /36\d\d s behind/],
  ])('[F15] says when the clock of this machine is wrong, by %d ms', async (byMs, sentence) => {
    const clocks = ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const;
    const timers = ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const;
    expect((await doctor()).wrong.map(({ id }) => id)).not.toContain('clock');
    jest.useFakeTimers({ now: Date.now() + byMs, doNotFake: [...clocks, ...timers] });
    const { wrong } = await doctor().finally(() => jest.useRealTimers());
    expect(wrong.find(({ id }) => id === 'clock')?.says).toMatch(sentence);
  });

  it('[F5] knows an old server', () => {
    const at = Date.UTC(2026, 0, 1);
    const sound = { version: 15, unsafe: [], installed: true, role: 'app', superuser: false, owned: [], writable: [] };
    const facts = { ...sound, hidden: [], databaseMs: at, programMs: at };
    const wrong = (changes: object) => serverFindings({ ...facts, ...changes }).filter(({ ok }) => !ok);
    expect(wrong({})).toEqual([]);
    expect(wrong({ version: 14 })).toEqual([
      { id: 'version', ok: false, says: 'PostgreSQL 14 is too old: 15 is the oldest that will do.' },
    ]);
    expect(wrong({ unsafe: ['fsync', 'full_page_writes'] })[0]?.says).toContain('fsync, full_page_writes');
    expect(wrong({ programMs: at + 30_000 })).toEqual([]);
  });
});
