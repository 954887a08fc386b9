import { encodeCursor } from '../../modules/kernel/cursor';
import { WalletsService } from '../../modules/money/wallets/wallets.service';
import type { Lab } from '../support/lab';
import { costOf, measure } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { settle } from '../support/seed';

const ENTRIES = Number(process.env.BENCH_ENTRIES ?? 1_000_000);
const LIMIT = 50;
const PAGES = 20;

const BY_KEY = {
  name: 'keys-entries',
  text: `select e.*, t.reason from unnest($1::bigint[], $2::integer[]) as k (transaction_id, line)
           join partner_program.entry e using (transaction_id, line)
           join partner_program.transaction t on t.id = e.transaction_id`,
};

/** Pages of a wallet with a million entries, at its beginning, middle and end, against the same entries by their keys. */
export async function statements(lab: Lab): Promise<Measure[]> {
  const wallets = lab.nest.get(WalletsService, { strict: false });
  const { partnerId, accountId } = await longWallet(lab);
  const read = (before: number) =>
    wallets.entries(
      partnerId,
      { account: 'available' },
      { cursor: encodeCursor([JSON.stringify({ [accountId]: before })]), limit: LIMIT },
    );
  const pagesFrom = (newest: number) =>
    Array.from({ length: PAGES }, (_, index) => Math.max(LIMIT, newest - index * LIMIT) + 1);
  const places = {
    first: pagesFrom(ENTRIES),
    middle: pagesFrom(Math.floor(ENTRIES / 2)),
    last: pagesFrom(PAGES * LIMIT),
  };
  const turns = new Map<readonly number[], number>();
  const nextOf = (pages: readonly number[]) => {
    const turn = turns.get(pages) ?? 0;
    turns.set(pages, turn + 1);
    return pages[turn % pages.length]!;
  };
  const measures: Measure[] = [];
  for (const [place, pages] of Object.entries(places)) {
    const ids = new Map<number, [string[], number[]]>();
    for (const before of pages) {
      const { data } = await read(before);
      const keys = data.map(({ id }) => id.split('-'));
      ids.set(before, [keys.map(([transaction]) => transaction!), keys.map(([, line]) => Number(line))]);
    }
    measures.push(
      await measure({
        id: `H7 ${place}`,
        unit: 'CPU µs/page',
        reach: { atMost: 1.5 },
        figure: () => costOf(lab, () => read(nextOf(pages))),
        floor: () => costOf(lab, () => lab.db.manager.query(BY_KEY as never, ids.get(nextOf(pages)))),
      }),
    );
  }
  const lastToFirst = await measure({
    id: 'H7 last/first',
    unit: 'CPU µs/page',
    reach: { atMost: 1.5 },
    figure: () => costOf(lab, () => read(nextOf(places.last))),
    floor: () => costOf(lab, () => read(nextOf(places.first))),
  });
  return [...measures, lastToFirst];
}

/** A wallet with as many entries as there should be, each of a transaction of its own, as the ledger would have made. */
async function longWallet({ owner }: Lab): Promise<{ partnerId: string; accountId: string }> {
  await owner.query('set session_replication_role = replica');
  const { rows } = await owner.query<{ partnerId: string; accountId: string }>(
    `insert into partner_program.account (holder_id, holder_kind, kind, keeps_balance, currency, balance_minor, version)
     select id, 'partner', 'available', true, 'EUR', $1, $1 from partner_program.partner order by seq limit 1
     returning holder_id as "partnerId", id as "accountId"`,
    [ENTRIES],
  );
  const { accountId } = rows[0]!;
  const { rows: programs } = await owner.query<{ id: string }>(
    `insert into partner_program.account (holder_id, holder_kind, kind, keeps_balance, currency)
     values ('00000000-0000-0000-0000-000000000000', 'program', 'adjustments', false, 'EUR') returning id`,
  );
  await owner.query(
    `insert into partner_program.transaction (key, kind, occurred_at, posted_by, reason)
     select 'long:' || n, 'adjustment', now(), 'program', 'One of many entries' from generate_series(1, $1::integer) as n`,
    [ENTRIES],
  );
  await owner.query(
    `insert into partner_program.entry
            (transaction_id, line, account_id, currency, kind, amount_minor, balance_after_minor, account_version, recorded_at)
     select t.id, line, case line when 1 then $1::bigint else $2 end, 'EUR', 'adjustment', case line when 1 then 1 else -1 end,
            case line when 1 then n end, case line when 1 then n end, now() + n * interval '1 ms'
       from (select id, row_number() over (order by id) as n from partner_program.transaction where key like 'long:%') t
      cross join generate_series(1, 2) as line order by t.id, line`,
    [accountId, programs[0]!.id],
  );
  await owner.query('set session_replication_role = origin');
  await settle(owner);
  return rows[0]!;
}
