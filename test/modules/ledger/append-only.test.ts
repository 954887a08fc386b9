import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { checkIntegrity } from '../../../modules/ledger/integrity.service';
import { available, LedgerService, program, type Posting } from '../../../modules/ledger/ledger.service';
import { bootApp, type TestApp } from '../../support/app';
import { Office, type Member } from '../../support/program';

let app: TestApp;
let office: Office;
let member: Member;

beforeAll(async () => {
  app = await bootApp({ worker: false });
  office = await Office.open(app);
  member = await office.member();
  await post(adjustment(100));
});
afterAll(() => app.close());

function adjustment(amountMinor: number, key: string = randomUUID()): Posting {
  const reason = 'A premium for the fair';
  const entries = [
    { account: available(member.partnerId), currency: 'PLN', amountMinor },
    { account: program('adjustments'), currency: 'PLN', amountMinor: -amountMinor },
  ];
  return { key, kind: 'adjustment', occurredAt: new Date(), postedBy: 'program', reason, entries };
}

function post(...postings: Posting[]): Promise<(string | null)[]> {
  return app.db.transaction((tx) => app.nest.get(LedgerService).post(tx, ...postings));
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** Ledger rows as no service would write them, by somebody who may write them. */
async function insertRaw(db: DataSource, key: string, amounts: number[]): Promise<void> {
  await db.transaction(async (tx) => {
    const [{ id }] = await tx.query(
      `insert into partner_program.transaction (key, kind, occurred_at, posted_by) values ($1, 'commission', now(), 'x') returning id`,
      [key],
    );
    await addRaw((sql, params) => tx.query(sql, params), id, amounts);
  });
}

async function addRaw(query: (sql: string, params: unknown[]) => Promise<unknown>, id: string, amounts: number[]) {
  for (const [index, amount] of amounts.entries()) {
    await query(
      `insert into partner_program.entry (transaction_id, line, account_id, currency, kind, amount_minor, recorded_at)
       select $1, 100 + $2::integer, id, currency, 'commission', $3, now() from partner_program.account where kind = 'adjustments'`,
      [id, index, amount],
    );
  }
}

describe('the ledger', () => {
  const TABLES = ['account', 'transaction', 'entry', 'seal'];
  const WRITES = TABLES.flatMap((table) => [
    `update partner_program.${table} set ${table === 'seal' ? 'number = number' : 'kind = kind'}`.replace(
      /^(update partner_program.entry).*/,
      '$1 set line = line',
    ),
    `delete from partner_program.${table}`,
    `truncate partner_program.${table} cascade`,
    `insert into partner_program.${table} default values`,
  ]);

  it.each(WRITES)('[F41] [L3] is closed to the application: %s', async (sql) => {
    expect(await codeOf(app.db.query(sql))).toBe('42501');
  });

  it.each(
    WRITES.filter(
      (sql) => !/insert|(update|delete from) partner_program\.seal|update partner_program\.account/.test(sql),
    ),
  )('[F41] [L3] is append-only for its owner too: %s', async (sql) => {
    expect(await codeOf(app.owner.query(sql))).toBe('23001');
  });

  it('[F41] keeps seals from their owner too', async () => {
    await app.owner.query('select partner_program.seal_transactions(1000)');
    expect(await codeOf(app.owner.query('update partner_program.seal set number = 7'))).toBe('23001');
    expect(await codeOf(app.owner.query('delete from partner_program.seal'))).toBe('23001');
  });

  it.each([
    ['that does not balance', [5, -4]],
    ['with one entry', [5]],
    ['with none', []],
  ])('[L1] refuses at commit a transaction %s', async (_, amounts) => {
    const key = randomUUID();
    await expect(insertRaw(app.owner, key, amounts)).rejects.toMatchObject({
      code: '23514',
      constraint: 'transaction_balanced',
    });
    expect(await app.owner.query('select from partner_program.transaction where key = $1', [key])).toEqual([]);
  });

  it('[L1] balances per currency', async () => {
    const { entries, ...posting } = adjustment(5);
    const mixed = [entries[0]!, { ...entries[1]!, currency: 'EUR' }];
    await expect(post({ ...posting, entries: mixed })).rejects.toThrow('does not balance');
  });

  it('[L1] takes no further entries once it is committed, not even balanced ones', async () => {
    const [{ id }] = await app.owner.query('select id from partner_program.transaction limit 1');
    const adding = app.owner.transaction((tx) => addRaw((sql, params) => tx.query(sql, params), id, [5, -5]));
    await expect(adding).rejects.toMatchObject({ code: '23001' });
  });

  it('[L4] posts a key once, whoever tells it how often and at once', async () => {
    const posting = adjustment(7, 'the same key');
    const [{ before }] = await app.owner.query('select count(*)::int as before from partner_program.entry');
    const ids = (await Promise.all(Array.from({ length: 50 }, () => post(posting)))).flat();
    expect(ids.filter((id) => id !== null)).toHaveLength(1);
    const [{ after }] = await app.owner.query('select count(*)::int as after from partner_program.entry');
    expect(after).toBe(before + 2);
  });

  it('[L7] goes below zero by a reversal only', async () => {
    await expect(post(adjustment(-1_000_000))).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    const entries = adjustment(-1_000_000).entries.map((entry) => ({ ...entry, kind: 'reversal' as const }));
    await post({ ...adjustment(0), entries });
    await post(adjustment(1_000_000));
  });

  it('[F36] takes no amount beyond its bounds', async () => {
    for (const amountMinor of [0, 0.5, NaN, 2 ** 53 + 1, 1e21]) {
      await expect(post(adjustment(amountMinor))).rejects.toMatchObject({ code: 'INVALID_AMOUNT' });
    }
  });

  it('[F37] deadlocks never, whatever order a storm of postings touches the same wallets in', async () => {
    const partners = await app.db.query<{ id: string }[]>('select id from partner_program.partner');
    while (partners.length < 6) partners.push({ id: (await office.member()).partnerId });
    const deadlocks = `select deadlocks::int as n from pg_stat_database where datname = current_database()`;
    const storm = Array.from({ length: 16 }, async (_, client) => {
      for (let round = 0; round < 40; round++) {
        const shuffled = partners.toSorted(() => Math.random() - 0.5);
        const entries = shuffled.flatMap(({ id }) => [
          { account: available(id), currency: 'PLN', amountMinor: 1 },
          { account: program('adjustments'), currency: 'PLN', amountMinor: -1 },
        ]);
        await post({ ...adjustment(1), key: `storm ${client} ${round}`, entries });
      }
    });
    await Promise.all(storm);
    const [row] = await app.owner.query(deadlocks);
    expect(row.n).toBe(0);
    const [{ minor }] = await app.owner.query(
      `select sum(amount_minor)::int as minor from partner_program.entry e
         join partner_program.transaction t on t.id = e.transaction_id
         join partner_program.account a on a.id = e.account_id where t.key like 'storm %' and a.partner_id is not null`,
    );
    expect(minor).toBe(16 * 40 * partners.length);
  });
});

describe('seals', () => {
  const seal = async (most = 1000): Promise<number> =>
    (await app.owner.query('select partner_program.seal_transactions($1) as n', [most]))[0].n;
  const integrity = async () => {
    return (await checkIntegrity(app.db)).checks.find(({ id }) => id === 'L3')!;
  };

  /** What triggers and grants cannot stop: the superuser who switches them off. */
  async function tamper(sql: string): Promise<void> {
    await app.owner.transaction(async (tx) => {
      await tx.query('set local session_replication_role = replica');
      await tx.query(sql);
    });
  }

  it('[L3] cover everything once, in batches, and leave out what is not committed yet', async () => {
    while ((await seal()) > 0);
    const early = new Client({ connectionString: (app.owner.options as { url: string }).url });
    await early.connect();
    await early.query('begin');
    await early.query(
      `select partner_program.post(array['late'], array['commission'], array[now()], array['x'], array[null], array[1, 1],
         array[null, null]::uuid[], array['commissions', 'payouts'], array['PLN', 'PLN'], array['commission', 'commission'],
         array[5, -5], array[null, null], array[null, null]::integer[])`,
    );
    await post(adjustment(1), adjustment(1), adjustment(1));
    expect(await seal(2)).toBe(2);
    expect(await seal(2)).toBe(1);
    expect(await seal(2)).toBe(0);
    await early.query('commit');
    await early.end();
    expect(await seal()).toBe(1);
    expect(await seal()).toBe(0);
    const [row] = await app.owner.query(
      `select count(*)::int as sealed, count(distinct id)::int as distinct, (select count(*)::int from partner_program.transaction) as all
         from partner_program.seal, unnest(transaction_ids) as id`,
    );
    expect(row).toEqual({ sealed: row.all, distinct: row.all, all: row.all });
    expect(await integrity()).toMatchObject({ ok: true, rows: [] });
  });

  it.each([
    ['an amount', 'entry set amount_minor = amount_minor * 2', 'entry set amount_minor = amount_minor / 2'],
    ['a reason', `transaction set reason = reason || '!'`, `transaction set reason = rtrim(reason, '!')`],
    [
      'a date',
      `transaction set occurred_at = occurred_at + interval '1 ms'`,
      `transaction set occurred_at = occurred_at - interval '1 ms'`,
    ],
  ])('[F41] [L3] show that a superuser has changed %s, and which transaction it was', async (_, change, undo) => {
    const column = change.startsWith('entry') ? 'transaction_id' : 'id';
    await tamper(`update partner_program.${change} where ${column} = 1`);
    expect((await integrity()).rows[0]).toEqual({ seal: '1', transaction_id: '1', finding: 'changed or gone' });
    await tamper(`update partner_program.${undo} where ${column} = 1`);
    expect((await integrity()).ok).toBe(true);
  });

  it('[F41] [L3] show that an account was given to somebody else, and an entry removed', async () => {
    await tamper(`update partner_program.account set kind = 'pending' where kind = 'available'`);
    expect((await integrity()).ok).toBe(false);
    await tamper(`update partner_program.account set kind = 'available' where kind = 'pending'`);
    expect((await integrity()).ok).toBe(true);
    await tamper(
      'create table kept as select * from partner_program.entry where transaction_id = 1; delete from partner_program.entry where transaction_id = 1',
    );
    expect((await integrity()).rows[0]).toMatchObject({ transaction_id: '1' });
    await tamper('insert into partner_program.entry select * from kept; drop table kept');
    expect((await integrity()).ok).toBe(true);
  });

  it('[F41] [L3] show that a transaction was slipped in behind them', async () => {
    await post(adjustment(1));
    while ((await seal()) > 0);
    await tamper(
      `insert into partner_program.transaction (id, key, kind, occurred_at, posted_by) overriding system value values (0, 'slipped', 'commission', now(), 'x')`,
    );
    expect((await integrity()).rows).toEqual([{ seal: null, transaction_id: '0', finding: 'slipped in' }]);
    await tamper(`delete from partner_program.transaction where key = 'slipped'`);
  });

  it('[F41] [L3] show that a seal itself was changed or removed', async () => {
    await tamper(
      'create table kept as select * from partner_program.seal where number = 2; delete from partner_program.seal where number = 2',
    );
    expect((await integrity()).rows).toContainEqual({
      seal: '3',
      transaction_id: null,
      finding: 'seal changed or gone',
    });
    await tamper('insert into partner_program.seal select * from kept; drop table kept');
    expect((await integrity()).ok).toBe(true);
  });
});
