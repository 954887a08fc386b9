import type { EntityManager } from 'typeorm';
import { rows } from '../../../kernel/query';

/** Somebody who registered without a link and waits. */
export interface ApprovalRow {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly emailConfirmed: boolean;
  readonly joinedAt: Date;
}

const LIST = {
  name: 'approvals-list',
  text: `
    select id, first_name, last_name, email, phone,
           email_confirmed_at is not null as email_confirmed, joined_at
      from partner_program.partner
     where status = 'awaitingApproval' and ($1::uuid is null or id > $1) order by id limit $2`,
};

/** Everybody who waits for an approval, the longest waiting first. */
export function listAwaiting(
  tx: EntityManager,
  { after, limit }: { after?: string; limit: number },
): Promise<ApprovalRow[]> {
  return rows(tx, LIST, [after ?? null, limit]);
}
