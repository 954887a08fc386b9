import { randomUUID } from 'node:crypto';
import { LedgerService } from '../../modules/ledger/ledger.service';
import { available, move, program } from '../../modules/ledger/posting';
import { WithdrawalsService } from '../../modules/money/redemptions/withdrawals.service';
import type { Actor, ActorPartner } from '../../modules/platform/web/access/actor';
import { connections } from '../support/lab';
import type { Lab } from '../support/lab';
import { measure, perSecond } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { copyTables } from './accrual-floor';

const WRITERS = 16;
const SLICE_MS = 800;
const BATCH = 500;
const BALANCE_MINOR = 100_00;
const AMOUNT_MINOR = 40_00;

/** Requests for a payout by 16 partners at a time, each checked and held, against bare inserts of the same rows. */
export async function withdrawals(lab: Lab): Promise<Measure> {
  const service = lab.nest.get(WithdrawalsService, { strict: false });
  const partners = await fundedPartners(lab);
  await copyTables(lab.owner, ['withdrawal', 'transaction', 'entry', 'audit_record', 'job'], ['partner', 'account']);
  const write = await requestWriter(lab);
  const clients = await connections(lab, WRITERS);
  return measure({
    id: 'H6',
    unit: 'requests/s',
    reach: { atLeast: 0.45 },
    figure: () =>
      perSecond(WRITERS, SLICE_MS, () => {
        const partner = partners.pop();
        if (!partner) throw new Error('Every partner has asked: more partners are needed.');
        return service.request(actorOf(partner), { amountMinor: AMOUNT_MINOR, currency: 'PLN' });
      }),
    floor: () => perSecond(WRITERS, SLICE_MS, (writer) => write(clients[writer]!)),
  });
}

function actorOf(partner: ActorPartner): Actor {
  return {
    userId: null,
    partner,
    permissions: new Set(),
    name: `${partner.firstName} ${partner.lastName}`,
    locale: 'pl',
    ref: `partner:${partner.id}`,
    requestId: randomUUID(),
    ip: '127.0.0.1',
  };
}

/** Everybody, with some money; nobody waits for an answer, and the account for what waits is open, as after the first time. */
async function fundedPartners({ db, nest, owner }: Lab): Promise<ActorPartner[]> {
  await owner.query(
    `insert into partner_program.account (holder_id, holder_kind, kind, keeps_balance, currency, balance_minor, version)
     select id, 'partner', 'held', true, 'PLN', 0, 0 from partner_program.partner order by seq`,
  );
  const { rows } = await owner.query<ActorPartner>(
    `select id, first_name as "firstName", last_name as "lastName", email, 'active' as status, true as "emailConfirmed",
            0 as "unseenNotifications"
       from partner_program.partner p
      where not exists (select from partner_program.withdrawal w where w.partner_id = p.id) order by seq`,
  );
  const ledger = nest.get(LedgerService, { strict: false });
  for (let start = 0; start < rows.length; start += BATCH) {
    const some = rows.slice(start, start + BATCH);
    const funds = { amountMinor: BALANCE_MINOR, currency: 'PLN' };
    await db.transaction((tx) =>
      ledger.post(tx, {
        key: `bench:funds:${start}`,
        kind: 'adjustment',
        occurredAt: new Date(),
        postedBy: 'program',
        reason: 'Money to ask for',
        moves: some.map(({ id }) => move(program('adjustments'), available(id), funds)),
      }),
    );
  }
  return rows;
}

/** The rows of a request and of its hold, each for another partner than the one before, as the unique keys want. */
async function requestWriter({ owner }: Lab): Promise<(client: Awaited<ReturnType<Lab['connect']>>) => Promise<void>> {
  const { rows } = await owner.query<{ partner: string; account: string }>(
    `select holder_id as partner, id::text as account from partner_program.account
      where kind = 'available' order by id`,
  );
  let next = 0;
  return async (client) => {
    const number = next++;
    const { partner, account } = rows[number % rows.length]!;
    const id = randomUUID();
    await client.query('begin');
    await client.query({
      name: 'floor-withdrawal',
      text: `insert into floor.withdrawal (id, partner_id, amount_minor, currency) values ($1, $2, $3, 'PLN')`,
      values: [id, partner, AMOUNT_MINOR],
    });
    const posted = await client.query<{ id: string }>({
      name: 'floor-hold',
      text: `insert into floor.transaction (key, kind, occurred_at, posted_by) values ($1, 'hold', now(), $2) returning id`,
      values: [`withdrawal:${id}:hold`, `partner:${partner}`],
    });
    await client.query({
      name: 'floor-hold-entries',
      text: `insert into floor.entry (transaction_id, line, account_id, currency, kind, amount_minor, balance_after_minor,
                                      account_version, recorded_at)
             select $1, line, $2, 'PLN', 'hold', (case line when 1 then -1 else 1 end) * $3::bigint, $3, $4 + line, now()
               from generate_series(1, 2) as line`,
      values: [posted.rows[0]!.id, account, AMOUNT_MINOR, number * 2],
    });
    await client.query({
      name: 'floor-audit',
      text: `insert into floor.audit_record (actor, actor_name, action, object_type, object_id, partner_id, after, ip, request_id)
             values ($1, 'Anna Kowalska', 'withdrawal.requested', 'withdrawal', $2, $3, $4, '127.0.0.1', $2)`,
      values: [`partner:${partner}`, id, partner, { amountMinor: AMOUNT_MINOR, currency: 'PLN', status: 'pending' }],
    });
    await client.query({
      name: 'floor-job',
      text: `insert into floor.job (key, kind, payload) values ('withdrawalRequested:' || $1, 'withdrawalRequested', $2)`,
      values: [id, { withdrawalId: id }],
    });
    await client.query('commit');
  };
}
