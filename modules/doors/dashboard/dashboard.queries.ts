import type { EntityManager } from 'typeorm';
import { rows } from '../../kernel/query';
import { type Balance, balancesColumn } from '../../ledger/balances.queries';
import type { Partner } from '../../people/partners/partner.entity';
import { RATE_CARD, type RateCardRow } from '../../rules/plans/plans.queries';

/** What the dashboard needs of one row each, or of few. */
export interface Overview extends Pick<
  Partner,
  'id' | 'firstName' | 'lastName' | 'email' | 'phone' | 'status' | 'sponsorId' | 'joinedAt' | 'emailConfirmedAt'
> {
  readonly referralCode: string;
  /** Null before the level-zero link was first asked for. */
  readonly levelZeroCode: string | null;
  readonly termsToAccept: { readonly versionId: string; readonly title: string } | null;
  /** The version that was accepted last. */
  readonly termsReceipt: string | null;
  readonly hasPayoutAccount: boolean;
  readonly balances: readonly Balance[];
  readonly rateCard: readonly RateCardRow[];
}

const OVERVIEW = {
  name: 'dashboard-overview',
  text: `
    select p.id, p.first_name as "firstName", p.last_name as "lastName", p.email, p.phone, p.status,
           p.sponsor_id as "sponsorId", p.joined_at as "joinedAt", p.email_confirmed_at as "emailConfirmedAt",
           p.referral_code as "referralCode", z.code as "levelZeroCode",
           (select json_build_object('versionId', v.id, 'title', v.title) from partner_program.terms_version v
             where v.published_at is not null and partner_program.owes_acceptance(p.id)
             order by v.published_at desc limit 1) as "termsToAccept",
           (select a.terms_version_id from partner_program.terms_acceptance a
             where a.partner_id = p.id order by a.id desc limit 1) as "termsReceipt",
           exists (select from partner_program.payout_account a
                    where a.partner_id = p.id and a.valid @> partner_program.now_ms()) as "hasPayoutAccount",
           ${balancesColumn('p.id')} as balances,
           (select coalesce(json_agg(c), '[]') from (${RATE_CARD.text}) c) as "rateCard"
      from partner_program.partner p
      left join partner_program.level_zero_link z on z.partner_id = p.id
     where p.id = $1`,
};

export async function overviewOf(tx: EntityManager, partnerId: string): Promise<Overview> {
  const [row] = await rows<Overview>(tx, OVERVIEW, [partnerId]);
  return row!;
}
