import type { EntityManager } from 'typeorm';
import type { Currency } from '../../kernel/money';
import { rows } from '../../kernel/query';
import type { WithdrawalStatus } from '../../money/redemptions/withdrawal.entity';

// These statements have no names: each is planned for what is looked for.

const literal = (text: string) => text.replace(/[\\%_]/g, '\\$&');

export interface FoundContract {
  readonly contractId: string;
  readonly number: string | null;
  readonly clientId: string | null;
  readonly status: string;
  readonly valueMinor: number;
  readonly currency: Currency;
}

const CONTRACTS = `
    select e.contract_id, e.number, e.client_id, e.status, e.value_minor, e.currency
      from (select distinct contract_id from partner_program.contract_event
             where number ilike $1 or contract_id = $2) found
      join lateral (select * from partner_program.contract_event
                     where contract_id = found.contract_id order by version desc limit 1) e on true
     order by e.occurred_at desc, e.contract_id desc limit $3`;

/** The contracts of the whole program with a text in their number, or this id, the last changed first. */
export function contractsNumbered(tx: EntityManager, text: string, limit: number): Promise<FoundContract[]> {
  return rows(tx, CONTRACTS, [`%${literal(text)}%`, text, limit]);
}

export interface FoundWithdrawal {
  readonly id: string;
  readonly partnerId: string;
  readonly name: string;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly status: WithdrawalStatus;
  readonly requestedAt: Date;
  readonly reference: string | null;
}

const WITHDRAWALS = `
    select w.id, w.partner_id, p.first_name || ' ' || p.last_name as name, w.amount_minor, w.currency, w.status,
           w.requested_at, w.reference
      from (select id from partner_program.withdrawal where partner_id = any ($1)
            union
            select id from partner_program.withdrawal where lower(reference) like lower($2)
            union
            select id from partner_program.withdrawal where id = $3) found
      join partner_program.withdrawal w on w.id = found.id
      join partner_program.partner p on p.id = w.partner_id
     where $4::uuid is null or w.partner_id = $4
     order by w.requested_at desc, w.id desc limit $5`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The requests of these people, those whose payment's reference begins with a text, and the one with this id, the newest first.
 * @param ownerId only this partner's; null for everybody's
 */
export function withdrawalsOf(
  tx: EntityManager,
  { text, partnerIds, ownerId }: { text: string; partnerIds: readonly string[]; ownerId: string | null },
  limit: number,
): Promise<FoundWithdrawal[]> {
  const id = UUID.test(text) ? text : null;
  return rows(tx, WITHDRAWALS, [partnerIds, `${literal(text)}%`, id, ownerId, limit]);
}
