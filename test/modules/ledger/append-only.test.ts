import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { MAX_AMOUNT_MINOR } from '../../../modules/kernel/money';
import { IntegrityService } from '../../../modules/ledger/integrity/integrity.service';
import { LedgerService } from '../../../modules/ledger/ledger.service';
import { available, held, move, program, PROGRAM, type Move, type Posting } from '../../../modules/ledger/posting';
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

const pln = (amountMinor: number) => ({ amountMinor, currency: 'PLN' });

const given = (amountMinor: number): Move =>
  move(program('adjustments'), available(member.partnerId), pln(amountMinor));
const taken = (amountMinor: number): Move =>
  move(available(member.partnerId), program('adjustments'), pln(amountMinor));

function posting(moves: readonly Move[], key: string = randomUUID()): Posting {
  const reason = 'A premium for the fair';
  return { key, kind: 'adjustment', occurredAt: new Date(), postedBy: 'program', reason, moves };
}

function adjustment(amountMinor: number, key?: string): Posting {
  return posting([given(amountMinor)], key);
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
       select $1, 100 + $2::integer, id, currency, 'commission', $3, now() from partner_program.account where kind = 'adjustments' and currency = 'PLN'`,
      [id, index, amount],
    );
  }
}

describe('the ledger', () => {
  const TABLES = ['account', 'transaction', 'entry', 'seal', 'holder_kind', 'account_kind', 'posting_kind'];
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
    const mixed = app.owner.transaction(async (tx) => {
      const query = (sql: string, params?: unknown[]) => tx.query<{ id: string }[]>(sql, params);
      const [row] = await query(
        `insert into partner_program.transaction (key, kind, occurred_at, posted_by)
         values ('two currencies', 'commission', now(), 'x') returning id`,
      );
      for (const currency of ['PLN', 'EUR']) {
        await query(
          `with opened as (
             insert into partner_program.account (holder_id, holder_kind, kind, keeps_balance, currency)
             values ($3, 'program', 'payouts', false, $2) returning id)
           insert into partner_program.entry (transaction_id, line, account_id, currency, kind, amount_minor, recorded_at)
           select $1, length($2) + ascii($2), id, $2, 'commission', case $2 when 'PLN' then 5 else -5 end, now() from opened`,
          [row!.id, currency, PROGRAM],
        );
      }
    });
    await expect(mixed).rejects.toMatchObject({ code: '23514', constraint: 'transaction_balanced' });
  });

  it('[L1] writes both sides of every move, whichever way, and sums what moves on an account that keeps no balance', async () => {
    const other = await office.member();
    const moves = [
      given(50),
      move(available(member.partnerId), held(member.partnerId), pln(20), { kind: 'hold' }),
      move(held(member.partnerId), available(member.partnerId), pln(20), { kind: 'holdReturn' }),
      taken(30),
      move(program('adjustments'), available(other.partnerId), { amountMinor: 7, currency: 'EUR' }),
    ];
    const [id] = await post({ ...posting(moves), key: 'both sides' });
    const entries = await app.owner.query(
      `select a.kind as account, e.kind, e.currency, e.amount_minor::int as minor, a.holder_id = $2 as other
         from partner_program.entry e join partner_program.account a on a.id = e.account_id
        where e.transaction_id = $1 order by e.line`,
      [id, other.partnerId],
    );
    const entry = (account: string, kind: string, minor: number, currency = 'PLN', isOther = false) => ({
      account,
      kind,
      currency,
      minor,
      other: isOther,
    });
    expect(entries).toEqual([
      entry('available', 'adjustment', 50),
      entry('available', 'hold', -20),
      entry('held', 'hold', 20),
      entry('held', 'holdReturn', -20),
      entry('available', 'holdReturn', 20),
      entry('available', 'adjustment', -30),
      entry('available', 'adjustment', 7, 'EUR', true),
      entry('adjustments', 'adjustment', -20),
      entry('adjustments', 'adjustment', -7, 'EUR'),
    ]);
  });

  it('[P14] refuses an adjustment without a reason, and a kind of posting that no room has added', async () => {
    for (const reason of [undefined, 'short']) {
      await expect(post({ ...adjustment(1), reason })).rejects.toMatchObject({ constraint: 'transaction_reasoned' });
    }
    for (const strange of [
      { ...adjustment(1), kind: 'club.gift' as const },
      posting([{ ...given(1), kind: 'club.gift' }]),
    ]) {
      await expect(post(strange)).rejects.toMatchObject({ constraint: 'posting_kind_known' });
    }
  });

  it('opens accounts of the kinds of their holder only', async () => {
    const strange = [
      move(program('adjustments'), { holderId: member.partnerId, kind: 'payouts' }, pln(1)),
      move(program('adjustments'), { holderId: randomUUID(), kind: 'available' }, pln(1)),
    ];
    for (const one of strange) expect(await codeOf(post(posting([one])))).toBe('23502');
    const owner = app.owner.query(
      `insert into partner_program.account (holder_id, holder_kind, kind, keeps_balance, currency)
       values ($1, 'partner', 'payouts', false, 'PLN')`,
      [member.partnerId],
    );
    await expect(owner).rejects.toMatchObject({ constraint: 'account_kind_fkey' });
  });

  it('takes holders, accounts and postings of kinds that an optional module adds, and none of its constraints changes', async () => {
    const company = randomUUID();
    await app.owner.query(
      `insert into partner_program.holder_kind values ('club.company');
       insert into partner_program.account_kind values ('club.points', 'club.company', true), ('available', 'club.company', true);
       insert into partner_program.posting_kind (kind, may_overdraw) values ('club.gift', false), ('club.debt', true);
       insert into partner_program.holder values ('${company}', 'club.company')`,
    );
    const points = { holderId: company, kind: 'club.points' as const };
    const gift = { ...posting([move(points, available(company), pln(3))]), kind: 'club.gift' as const };
    await expect(post(gift)).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    await post({ ...gift, kind: 'club.debt' });
    const [{ kinds }] = await app.owner.query(
      `select json_object_agg(kind, balance_minor) as kinds from partner_program.account where holder_id = $1`,
      [company],
    );
    expect(kinds).toEqual({ 'club.points': -3, available: 3 });
  });

  it('[L1] takes no further entries once it is committed, not even balanced ones', async () => {
    const [{ id }] = await app.owner.query('select id from partner_program.transaction limit 1');
    const adding = app.owner.transaction((tx) => addRaw((sql, params) => tx.query(sql, params), id, [5, -5]));
    await expect(adding).rejects.toMatchObject({ code: '23001' });
  });

  it('[L4] posts a key once, told twice in one call', async () => {
    const twice = adjustment(3, 'twice in a call');
    const ids = await post(twice, adjustment(1), twice);
    expect(ids.map((id) => id === null)).toEqual([false, false, true]);
    const [{ minor }] = await app.owner.query(
      `select sum(amount_minor)::int as minor from partner_program.entry where transaction_id = $1 and amount_minor > 0`,
      [ids[0]],
    );
    expect(minor).toBe(3);
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
    await expect(post(posting([taken(1_000_000)]))).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    await post(posting([{ ...taken(1_000_000), kind: 'reversal' }]));
    await expect(post(posting([taken(1)]))).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' });
    await post(adjustment(1_000_000));
  });

  it('[L7] lets nobody write an overdraft by another kind, not even the owner who says that it may', async () => {
    const overdraw = (kind: string, overdraws: boolean | null) =>
      app.owner.transaction(async (tx) => {
        const [{ id }] = await tx.query(
          `insert into partner_program.transaction (key, kind, occurred_at, posted_by) values ($1, $2, now(), 'x') returning id`,
          [randomUUID(), kind],
        );
        await tx.query(
          `insert into partner_program.entry (transaction_id, line, account_id, currency, kind, amount_minor,
                                              balance_after_minor, account_version, overdraws, recorded_at)
           select $1, 1, id, currency, $2, -5, -5, 1000000, $3, now()
             from partner_program.account where holder_id = $4 and kind = 'available' and currency = 'PLN'`,
          [id, kind, overdraws, member.partnerId],
        );
      });
    await expect(overdraw('hold', null)).rejects.toMatchObject({ constraint: 'entry_not_overdrawn' });
    await expect(overdraw('hold', false)).rejects.toMatchObject({ constraint: 'entry_overdraws_or_null' });
    await expect(overdraw('hold', true)).rejects.toMatchObject({ constraint: 'entry_overdraft_fkey' });
    await expect(overdraw('reversal', null)).rejects.toMatchObject({ constraint: 'entry_not_overdrawn' });
    await expect(overdraw('reversal', true)).rejects.toMatchObject({ constraint: 'transaction_balanced' });
  });

  it('[L4] takes a reversal that speaks of no contract for no commission', async () => {
    await post({
      ...posting([given(5), { ...taken(5), kind: 'reversal' }]),
      kind: 'reversal',
      key: 'a gift taken back',
    });
    await post({ ...posting([{ ...taken(1), kind: 'reversal' }]), kind: 'reversal', key: 'a penny taken back' });
    const { checks } = await app.nest.get(IntegrityService).check();
    expect(checks.find(({ id }) => id === 'L4')).toMatchObject({ ok: true, rows: [] });
    await post(adjustment(1));
  });

  it('[F36] takes no amount beyond its bounds', async () => {
    for (const amountMinor of [0, -1, 0.5, NaN, MAX_AMOUNT_MINOR + 1, 2 ** 53 + 1, 1e21]) {
      expect(() => given(amountMinor)).toThrow(expect.objectContaining({ code: 'INVALID_AMOUNT' }));
    }
    for (const amountMinor of [0, -1, MAX_AMOUNT_MINOR + 1]) {
      expect(await codeOf(post(posting([{ ...given(1), amountMinor }])))).toBe('23514');
    }
  });

  it('[F37] deadlocks never, whatever order a storm of postings touches the same wallets in', async () => {
    const partners = await app.db.query<{ id: string }[]>('select id from partner_program.partner');
    while (partners.length < 6) partners.push({ id: (await office.member()).partnerId });
    const deadlocks = `select deadlocks::int as n from pg_stat_database where datname = current_database()`;
    const storm = Array.from({ length: 16 }, async (_, client) => {
      for (let round = 0; round < 40; round++) {
        const shuffled = partners.toSorted(() => Math.random() - 0.5);
        const moves = shuffled.map(({ id }) => move(program('adjustments'), available(id), pln(1)));
        await post(posting(moves, `storm ${client} ${round}`));
      }
    });
    await Promise.all(storm);
    const [row] = await app.owner.query(deadlocks);
    expect(row.n).toBe(0);
    const [{ minor }] = await app.owner.query(
      `select sum(amount_minor)::int as minor from partner_program.entry e
         join partner_program.transaction t on t.id = e.transaction_id
         join partner_program.account a on a.id = e.account_id where t.key like 'storm %' and a.holder_kind = 'partner'`,
    );
    expect(minor).toBe(16 * 40 * partners.length);
  });
});

describe('seals', () => {
  const seal = async (most = 1000): Promise<number> =>
    (await app.owner.query('select partner_program.seal_transactions($1) as n', [most]))[0].n;
  const integrity = async () => {
    return (await app.nest.get(IntegrityService).check()).checks.find(({ id }) => id === 'L3')!;
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
      `select partner_program.post(jsonb_build_array(jsonb_build_object('key', 'late', 'kind', 'commission', 'occurredAt', now(),
         'postedBy', 'x', 'moves', jsonb_build_array(jsonb_build_object('from', $1::uuid, 'fromKind', 'payouts', 'to', $1::uuid,
           'toKind', 'commissions', 'amountMinor', 5, 'currency', 'PLN')))))`,
      [PROGRAM],
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
    await tamper(`update partner_program.account set kind = 'maturing' where kind = 'available'`);
    expect((await integrity()).ok).toBe(false);
    await tamper(`update partner_program.account set kind = 'available' where kind = 'maturing'`);
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
