import { randomBytes } from 'node:crypto';
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { partnerProgramMigrations } from '../../migrations';
import { runCommandLine } from '../../modules/commands/command-line.command';
import { migrate as migrateBoth } from '../../src/database/migrate';
import { bootApp } from '../support/app';
import { testCluster, withDatabase } from '../support/cluster';
import { freshDatabase } from '../support/database';
import { expectIntegrity } from '../support/oracle';
import { Office } from '../support/program';

jest.setTimeout(180_000);

/** Strikes at the n-th command that changes the schema, by an error or by the loss of the connection. */
const STRIKE = `
  create schema fault;
  create table fault.plan (at integer not null, lost boolean not null);
  create sequence fault.command;
  create function fault.strike() returns event_trigger language plpgsql as $$
  begin
    if nextval('fault.command') is distinct from (select at from fault.plan) then return; end if;
    if (select lost from fault.plan) then perform pg_terminate_backend(pg_backend_pid()); end if;
    raise exception 'struck at %', tg_tag;
  end $$;
  create event trigger strike on ddl_command_start execute function fault.strike()`;

/** Everything the migrations make in a database, the way the catalogue tells it. */
const SCHEMA = `
  with ours as (select oid from pg_class 
                 where relnamespace = 'partner_program'::regnamespace and relkind = 'r' and relname <> 'migration')
  select 'column' as what, a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' '
      || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') as is
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid in (table ours) and a.attnum > 0 and not a.attisdropped
  union all select 'rule', conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    from pg_constraint where conrelid in (table ours)
  union all select 'index', pg_get_indexdef(indexrelid) from pg_index where indrelid in (table ours)
  union all select 'trigger', pg_get_triggerdef(oid) from pg_trigger where tgrelid in (table ours) and not tgisinternal
  union all select 'function', pg_get_functiondef(oid) from pg_proc
   where pronamespace = 'partner_program'::regnamespace and prokind = 'f'
  order by 1, 2`;

async function migrate(url: string): Promise<{ code: number; said: string }> {
  let said = '';
  const stream = { isTTY: false, write: (text: string) => ((said += text), true) } as never;
  const code = await runCommandLine(['migrate', '--database-url', url], { out: stream, err: stream });
  return { code, said };
}

/** Migrates with a fault at each of these commands, and shows after each that nothing of it was kept. */
async function strikeAll(owner: DataSource, url: string, strikes: readonly { at: number; lost: boolean }[]) {
  const before = await owner.query(SCHEMA);
  for (const { at, lost } of strikes) {
    await owner.query('truncate fault.plan');
    await owner.query('insert into fault.plan values ($1, $2)', [at, lost]);
    await owner.query(`select setval('fault.command', 1, false)`);
    const { code, said } = await migrate(url);
    expect({ at, code, said }).toMatchObject({ at, code: 2 });
    expect(said).toMatch(
      lost
        ? /^The tables cannot be brought up to date: .*connection.*\. Nothing is left half done/i
        : /^The tables cannot be brought up to date: struck at [A-Z ]+\. Nothing is left half done/,
    );
    expect({ at, schema: await owner.query(SCHEMA) }).toEqual({ at, schema: before });
  }
  await owner.query('truncate fault.plan');
  expect(await migrate(url)).toMatchObject({ code: 0, said: expect.stringMatching(/The tables are up to date\.\n$/) });
}

const runsOf = (owner: DataSource): Promise<{ name: string }[]> =>
  owner.query('select name from partner_program.migration order by id');

describe('[F19] a migration that fails', () => {
  it('anywhere in a first installation leaves nothing of it, and the next run makes everything', async () => {
    const { ownerUrl, name } = testCluster();
    const database = `${name}_${randomBytes(6).toString('hex')}`;
    const server = await new DataSource({ type: 'postgres', url: ownerUrl }).initialize();
    const whole = await freshDatabase();
    await server.query(`create database ${database}`);
    const url = withDatabase(ownerUrl, database);
    const owner = await new DataSource({ type: 'postgres', url }).initialize();
    const example = await new DataSource({ type: 'postgres', url: whole.ownerUrl }).initialize();
    try {
      await owner.query('create extension btree_gist; create extension pg_trgm'); // hundreds of commands, none of them ours
      await owner.query(STRIKE);
      await owner.query('insert into fault.plan values (0, false)');
      await migrate(url);
      const [{ last_value: commands }] = await owner.query<[{ last_value: string }]>(
        'select last_value from fault.command',
      );
      await owner.query('drop schema partner_program cascade');
      await owner.query('create schema partner_program');
      expect(Number(commands)).toBeGreaterThan(100);
      const last = Number(commands) - 2; // the table of migrations is made once, outside of the transaction
      const at = [3, 4, 5, ...Array.from({ length: 12 }, (_, n) => Math.floor((last * (n + 1)) / 12))];
      await strikeAll(
        owner,
        url,
        at.map((at, n) => ({ at, lost: n % 4 === 3 })),
      );
      expect(await owner.query(SCHEMA)).toEqual(await example.query(SCHEMA));
      const runs = (await runsOf(owner)).map(({ name: run }) => run);
      expect(runs.toSorted()).toEqual(partnerProgramMigrations.map(({ name: known }) => known).toSorted());
    } finally {
      await owner.destroy();
      await example.destroy();
      await server.query(`drop database ${database} with (force)`);
      await server.destroy();
      await whole.drop();
    }
  });

  it('in an upgrade leaves the older version with its books as they were', async () => {
    const database = await freshDatabase();
    const app = await bootApp({ database });
    const office = await Office.open(app);
    await office.levels(1000);
    const seller = await office.member();
    for (let n = 0; n < 3; n++) await office.status(await office.contract(seller, 100_00), 'signed');
    await office.settled();
    await app.close();
    const url = database.ownerUrl;
    const options = { type: 'postgres', url, schema: 'partner_program', migrationsTableName: 'migration' } as const;
    const owner = await new DataSource({ ...options, migrations: [] }).initialize();
    partnerProgramMigrations.push(Upgrade9999999999999);
    try {
      await owner.query(STRIKE);
      const books = () => owner.query('select * from partner_program.entry order by transaction_id, line');
      const before = await books();
      expect(before.length).toBeGreaterThan(3);
      const older = await runsOf(owner);
      await strikeAll(
        owner,
        url,
        [1, 2, 3, 4].map((at) => ({ at, lost: at === 3 })),
      );
      expect(await books()).toEqual(before);
      expect(await owner.query('select remarks from partner_program.withdrawal_remark')).toEqual([]);
      expect((await runsOf(owner)).length).toBe(older.length + 1);
      await expectIntegrity(owner);
    } finally {
      partnerProgramMigrations.pop();
      await owner.destroy();
      await database.drop();
    }
  });
});

/** As a later version might bring it: four commands on tables that hold books. */
class Upgrade9999999999999 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table partner_program.entry add column remark text;
      create index entry_remark on partner_program.entry (remark);
      create table partner_program.withdrawal_remark (remarks text);
      alter table partner_program.entry drop column remark;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table partner_program.withdrawal_remark');
  }
}

describe('an installation of a version before 0.1.0', () => {
  it('is told so in a sentence, and stays as it is', async () => {
    const database = await freshDatabase();
    const owner = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
    try {
      await owner.query(`
        truncate partner_program.migration;
        insert into partner_program.migration (timestamp, name) values (1763741000000, 'Foundation1763741000000');
        delete from crm.migration where timestamp = (select max(timestamp) from crm.migration);
        alter table crm.mail drop column headers`); // the CRM has something to bring up to date, too
      const crm = () => owner.query('select * from crm.migration order by id');
      const before = [await owner.query(SCHEMA), await crm()];
      const { code, said } = await migrate(database.ownerUrl);
      const why = 'INSTALLATION_TOO_OLD: a version before 0.1.0 made the tables, and this one cannot take them over.';
      expect({ code, said }).toEqual({ code: 2, said: `The tables cannot be brought up to date: ${why}\n` });
      await expect(migrateBoth(database.ownerUrl)).rejects.toThrow(`The database cannot be brought up to date: ${why}`);
      expect([await owner.query(SCHEMA), await crm()]).toEqual(before);
      expect(await runsOf(owner)).toEqual([{ name: 'Foundation1763741000000' }]);
    } finally {
      await owner.destroy();
      await database.drop();
    }
  });
});
