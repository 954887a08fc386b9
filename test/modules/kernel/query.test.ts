import { types } from 'pg';
import { DataSource } from 'typeorm';
import { changed, rows } from '../../../modules/kernel/query';
import { freshDatabase } from '../../support/database';
import type { FreshDatabase } from '../../support/database';

describe('a statement', () => {
  let database: FreshDatabase;
  let db: DataSource;
  beforeAll(async () => {
    database = await freshDatabase();
    db = await new DataSource({ type: 'postgres', url: database.ownerUrl }).initialize();
    await db.query('create table public.thing (id bigint primary key, some_amount bigint, made_at timestamptz)');
    await db.query(`insert into public.thing select n, n * 100, now() from generate_series(1, 3) as n`);
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  it('answers numbers, ids as text, and names in camel case', async () => {
    const text = `select id, id as other_id, some_amount, count(*) over () as how_many, made_at, null::bigint as no_number,
                         jsonb_build_object('inner_key', 1) as as_it_is from public.thing order by id limit 1`;
    const expected = {
      id: '1',
      otherId: '1',
      someAmount: 100,
      howMany: 3,
      madeAt: expect.any(Date),
      noNumber: null,
      asItIs: { inner_key: 1 },
    };
    expect(await rows(db.manager, text)).toEqual([expected]);
    expect(await rows(db.manager, { name: 'test-thing', text })).toEqual([expected]);
    expect(await rows(db.manager, 'select 1 from public.thing where id = $1', [9])).toEqual([]);
  });

  it('refuses a number that would not be exact', async () => {
    await expect(rows(db.manager, 'select 9007199254740993 as big_number')).rejects.toThrow('9007199254740993');
    expect(await rows(db.manager, 'select 9007199254740991 as big_number')).toEqual([{ bigNumber: 2 ** 53 - 1 }]);
  });

  it('that changes rows answers them, or how many they were', async () => {
    const text = 'update public.thing set some_amount = some_amount + 1 where id < $1';
    expect(await rows(db.manager, `${text} returning some_amount`, [2])).toEqual([{ someAmount: 101 }]);
    expect(await rows(db.manager, `${text} returning some_amount`, [0])).toEqual([]);
    expect(await changed(db.manager, text, [3])).toBe(2);
    expect(await changed(db.manager, 'delete from public.thing where id = 9')).toBe(0);
    await expect(changed(db.manager, 'select 1')).rejects.toThrow('Only an UPDATE or a DELETE');
  });

  it('leaves the parsers of the host alone', async () => {
    const before = types.getTypeParser(types.builtins.INT8);
    await rows(db.manager, 'select 1::bigint as number');
    expect(types.getTypeParser(types.builtins.INT8)).toBe(before);
    expect(await db.query('select 1::bigint as number')).toEqual([{ number: '1' }]);
  });
});
