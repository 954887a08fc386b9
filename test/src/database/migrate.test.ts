import { Client } from 'pg';
import { migrate } from '../../../src/database/migrate';
import { testCluster, withDatabase } from '../../support/cluster';
import { freshDatabase, type FreshDatabase } from '../../support/database';

describe('the migrations', () => {
  const { name, ownerUrl } = testCluster();
  const empty = `${name}_empty`;
  let database: FreshDatabase;

  async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  beforeAll(async () => {
    database = await freshDatabase();
    await query(ownerUrl, `create database ${empty}`);
  });
  afterAll(async () => {
    await database.drop();
    await query(ownerUrl, `drop database ${empty}`);
  });

  it('[F18] run once when two processes start together, and change nothing when run again', async () => {
    const url = withDatabase(ownerUrl, empty);
    await Promise.all([migrate(url, name), migrate(url, name)]);
    await migrate(url, name);
    const done = await query<{ name: string }>(
      url,
      'select name from crm.migration union all select name from partner_program.migration',
    );
    expect(new Set(done.map((row) => row.name)).size).toBe(done.length);
    expect(done.length).toBeGreaterThan(5);
  });

  it('say in a sentence what went wrong', async () => {
    const nowhere = withDatabase(ownerUrl, 'nowhere');
    await expect(migrate(nowhere)).rejects.toThrow(
      'The database cannot be brought up to date: database "nowhere" does not exist.',
    );
  });

  it('[F41] leave the application without a way to change the ledger or the schema', async () => {
    for (const sql of [
      'update partner_program.entry set amount_minor = 0',
      'delete from partner_program.entry',
      'truncate partner_program.transaction cascade',
      'alter table partner_program.entry disable trigger all',
      'drop schema crm cascade',
      'create table crm.mine ()',
      'delete from crm.migration',
      `select partner_program.grant_access('${name}')`,
    ]) {
      await expect(query(database.url, sql)).rejects.toThrow(/permission denied|must be owner/);
    }
  });

  it('give every test a copy with nothing in it but an administrator', async () => {
    expect(await query(database.url, 'select email from crm."user"')).toEqual([{ email: 'admin@crm.example' }]);
  });
});
