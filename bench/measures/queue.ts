import { randomUUID } from 'node:crypto';
import { balancesOf } from '../../modules/ledger/balances.queries';
import { WithdrawalsService } from '../../modules/money/redemptions/withdrawals.service';
import type { Actor } from '../../modules/platform/web/access/actor';
import type { Lab } from '../support/lab';
import { costOf, measure } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { settle } from '../support/seed';

const PENDING = 100_000;
const LIMIT = 50;
const PAGES = 20;

const MANAGER: Actor = {
  userId: 'manager',
  partner: null,
  permissions: new Set(['manageBalances']),
  name: 'Manager',
  locale: 'pl',
  ref: 'user:manager',
  requestId: randomUUID(),
  ip: null,
};

const BY_KEY = {
  name: 'keys-withdrawals',
  text: `select w.*, p.first_name || ' ' || p.last_name as name, p.email, p.locale
           from partner_program.withdrawal w join partner_program.partner p on p.id = w.partner_id where w.id = any ($1)`,
};

/** Pages of the queue of withdrawals while a hundred thousand wait, their number and wallets included, against the rows by key. */
export async function queue(lab: Lab): Promise<Measure> {
  await fill(lab);
  const service = lab.nest.get(WithdrawalsService, { strict: false });
  const { manager } = lab.db;
  const pages: { cursor?: string; ids: string[]; partnerIds: string[] }[] = [];
  for (let cursor: string | undefined; pages.length < PAGES;) {
    const { data, nextCursor } = await service.list(MANAGER, { status: 'pending' }, { cursor, limit: LIMIT });
    pages.push({ cursor, ids: data.map(({ id }) => id), partnerIds: data.map(({ partnerId }) => partnerId) });
    cursor = nextCursor ?? undefined;
  }
  let turn = 0;
  return measure({
    id: `queue of ${PENDING}`,
    unit: 'CPU µs/page',
    reach: { atMost: 10 },
    figure: () =>
      costOf(lab, () =>
        service.list(MANAGER, { status: 'pending' }, { cursor: pages[turn++ % PAGES]!.cursor, limit: LIMIT }),
      ),
    floor: () =>
      costOf(lab, async () => {
        const { ids, partnerIds } = pages[turn++ % PAGES]!;
        await manager.query(BY_KEY as never, [ids]);
        await balancesOf(manager, partnerIds);
      }),
  });
}

/** As many requests as there are partners, at most a hundred thousand; without their money, which the list does not check. */
async function fill({ owner }: Lab): Promise<void> {
  await owner.query('set session_replication_role = replica');
  await owner.query(
    `insert into partner_program.withdrawal (id, partner_id, amount_minor, currency, requested_at)
     select gen_random_uuid(), id, 1000, 'PLN', joined_at from partner_program.partner order by seq desc limit $1`,
    [PENDING],
  );
  await owner.query('set session_replication_role = origin');
  await settle(owner);
}
