import type { EntityManager } from 'typeorm';
import { rows } from '../../../kernel/query';

/** A commission, or what was taken back of one, in somebody's history. */
export interface CommissionEntryRow {
  readonly kind: 'commission' | 'reversal';
  readonly at: Date;
  readonly contractId: string;
  readonly level: number;
  readonly calculationId: string;
}

// One event may post two steps: the rest of an accrual taken back, and a new one. Only one of them gives to anybody, and
// only one takes, so the amount says whose line an entry is.
const ENTRY = {
  name: 'explanations-entry',
  text: `
    select e.kind, e.recorded_at as at, e.contract_id, e.level, c.id as calculation_id
      from partner_program.entry e
      join partner_program.account a on a.id = e.account_id
      join partner_program.calculation c on c.contract_id = e.contract_id and c.transaction_id = e.transaction_id
      join partner_program.commission_line l on l.calculation_id = c.id and l.level = e.level
       and l.partner_id = a.holder_id and l.posted_minor = e.amount_minor
     where e.transaction_id = $1 and e.line = $2 and a.holder_id = $3 and e.kind in ('commission', 'reversal')
       and e.level is not null`,
};

/** @returns undefined where the partner has no such entry, and where it came about in another way */
export async function commissionEntry(
  tx: EntityManager,
  partnerId: string,
  { transactionId, line }: { transactionId: string; line: number },
): Promise<CommissionEntryRow | undefined> {
  return (await rows<CommissionEntryRow>(tx, ENTRY, [transactionId, line, partnerId]))[0];
}
