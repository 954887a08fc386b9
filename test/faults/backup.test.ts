import { Client } from 'pg';
import { Writable } from 'node:stream';
import { DataSource } from 'typeorm';
import { runCommandLine } from '../../modules';
import { JobsService } from '../../modules/platform/jobs/jobs.service';
import { OUTBOUND_JOBS } from '../../modules/platform/jobs/outbound-jobs';
import { ensureAdministrator } from '../../src/crm/seed';
import { migrate } from '../../src/database/migrate';
import { bootApp, type TestApp } from '../support/app';
import { debianPostgres, DebianPostgres } from '../support/debian-postgres';
import { eventually } from '../support/eventually';
import { expectIntegrity } from '../support/oracle';
import { Office, type Member } from '../support/program';

if (!debianPostgres)
  process.stderr.write('\nSKIPPED test/faults/backup.test.ts: there is no pg_dump with its server.\n\n');

const ROLE = 'backup_app';

(debianPostgres ? describe : describe.skip)('[F22] a backup', () => {
  let server: DebianPostgres;
  let app: TestApp;
  let office: Office;
  let seller: Member;

  beforeAll(async () => {
    server = await DebianPostgres.start(debianPostgres!);
    await onServer(`create role ${ROLE} login`, 'create database original');
    await migrate(server.url('original'), ROLE);
    const owner = await new DataSource({ type: 'postgres', url: server.url('original') }).initialize();
    await ensureAdministrator(owner);
    await owner.destroy();
    app = await boot('original');
    office = await Office.open(app);
    await office.levels(1000);
    seller = await office.member();
  }, 120_000);
  afterAll(async () => {
    await app.close();
    await server.stop();
  });

  const boot = (database: string, worker = true) =>
    bootApp({
      worker,
      database: { url: server.url(database, ROLE), ownerUrl: server.url(database), drop: () => Promise.resolve() },
    });

  async function onServer(...statements: string[]): Promise<void> {
    const client = new Client({ connectionString: server.url('postgres') });
    await client.connect();
    for (const sql of statements) await client.query(sql);
    await client.end();
  }

  async function invite(email: string): Promise<void> {
    const letter = { firstName: 'Ola', lastName: 'Nowa', email, subject: 'Hej', body: 'Hej {{link}}' };
    await seller.agent.post('/partner-program/invitations').send(letter).expect(201);
  }

  it('taken under load and restored holds every rule, goes on with its work and sends no mail again', async () => {
    let over = false;
    const signed: string[] = [];
    const people = (async () => {
      while (!over) {
        const id = await office.contract(seller, 100_00);
        await office.status(id, 'signed');
        signed.push(id);
      }
    })();
    await eventually(() => expect(signed.length).toBeGreaterThan(3));
    // A mail that waits while the dump is taken, and is sent right after it.
    const holder = app.owner.createQueryRunner();
    await holder.startTransaction();
    await holder.query('lock crm.mail in share mode');
    await invite('ola@poczta.example');
    const before = [...signed];
    await server.run('pg_dump', '--format=custom', '--file', server.file('backup'), server.url('original'));
    await holder.rollbackTransaction();
    await holder.release();
    over = true;
    await people;
    await office.settled();
    await eventually(async () => expect((await app.mails()).map(({ to }) => to)).toContain('ola@poczta.example'));

    await onServer('create database restored');
    await server.run('pg_restore', '--exit-on-error', '--dbname', server.url('restored'), server.file('backup'));
    const out = new Writable({ write: (_text, _encoding, done) => done() });
    const asked = ['after-restore', '--database-url', server.url('restored', ROLE)];
    expect(await runCommandLine(asked, { out, err: out })).toBe(0);

    const copy = await boot('restored');
    await eventually(async () => {
      const waiting = await copy.owner.query(
        `select key from partner_program.job where status = 'waiting' and key not like 'recurring:%'`,
      );
      expect(waiting).toEqual([]);
    });
    await expectIntegrity(copy.owner);
    const paid = await copy.owner.query<{ id: string }[]>(
      'select distinct contract_id as id from partner_program.entry where contract_id is not null',
    );
    expect(paid.map(({ id }) => id)).toEqual(expect.arrayContaining(before));
    expect((await copy.mails()).map(({ to }) => to)).not.toContain('ola@poczta.example');
    const held = await copy.owner.query(`select kind, last_error from partner_program.job where status = 'dead'`);
    expect(held).toContainEqual({ kind: 'letter', last_error: expect.stringContaining('Held after a restore') });
    const grown = await copy.owner.query<{ n: number }[]>('select count(*)::int as n from partner_program.transaction');
    expect(grown[0]!.n).toBeGreaterThan(0);
    await expect(copy.db.query('delete from partner_program.entry')).rejects.toThrow(/permission denied/);
    await copy.close();
  }, 180_000);
});

it('[F22] knows every kind of job that leaves the database', async () => {
  const app = await bootApp({ worker: false });
  const errands = app.nest
    .get(JobsService)
    .handlers.filter((handler) => 'perform' in handler && handler.everySeconds === undefined);
  expect(errands.map(({ kind }) => kind).toSorted()).toEqual([...OUTBOUND_JOBS].toSorted());
  await app.close();
});
