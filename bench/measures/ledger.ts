import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerService } from '../../modules/ledger/ledger.service';
import { available, move, program } from '../../modules/ledger/posting';
import { connections } from '../support/lab';
import type { Lab } from '../support/lab';
import { measure, perSecond } from '../support/rounds';
import type { Measure } from '../support/rounds';
import { sellersOf } from '../support/seed';

const WRITERS = 16;
const CREDITS = 10;
const SLICE_MS = 900;
const PROGRAM_ACCOUNT = 0;

const TRANSFER = { name: 'two-leg', text: 'select two_leg.create_transfer($1, $2, $3, now())' };

/** Credits to ten wallets a transaction, 16 writers, against as many two-leg transfers from the program's account. */
export async function ledger(lab: Lab): Promise<Measure> {
  const ledgers = lab.nest.get(LedgerService, { strict: false });
  const partnerIds = (await sellersOf(lab.owner)).map(({ partnerId }) => partnerId);
  await lab.owner.query(readFileSync(join(__dirname, '..', 'peers', 'two-leg-transfers.sql'), 'utf8'));
  await lab.owner.query(
    `insert into two_leg.account (id, currency) select n, 'PLN' from generate_series(0, $1::bigint) as n`,
    [partnerIds.length],
  );
  await lab.owner.query('analyze');
  const clients = await connections(lab, WRITERS);
  const run = `${process.pid}-${Date.now()}`;
  let postings = 0;
  return measure({
    id: 'H8',
    unit: 'credits/s',
    reach: { atLeast: 6 },
    async figure() {
      const rate = await perSecond(WRITERS, SLICE_MS, () =>
        lab.db.transaction((tx) =>
          ledgers.post(tx, {
            key: `bench:${run}:${postings++}`,
            kind: 'commission',
            occurredAt: new Date(),
            postedBy: 'program',
            moves: someOf(partnerIds).map((partnerId) =>
              move(program('commissions'), available(partnerId), { amountMinor: 100, currency: 'PLN' }),
            ),
          }),
        ),
      );
      return rate * CREDITS;
    },
    async floor() {
      const rate = await perSecond(WRITERS, SLICE_MS, async (writer) => {
        const client = clients[writer]!;
        await client.query('begin');
        // In the order of their ids, or two of them would wait for each other.
        for (const account of someOf(partnerIds.map((_, index) => index + 1)).toSorted((a, b) => a - b)) {
          await client.query({ ...TRANSFER, values: [PROGRAM_ACCOUNT, account, 100] });
        }
        await client.query('commit');
      });
      return rate * CREDITS;
    },
  });
}

/** Ten different ones. */
function someOf<T>(all: readonly T[]): T[] {
  const start = randomInt(all.length);
  const stride = 1 + randomInt(Math.floor(all.length / CREDITS) - 1);
  return Array.from({ length: CREDITS }, (_, index) => all[(start + index * stride) % all.length]!);
}
