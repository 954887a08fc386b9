import type { EntityManager } from 'typeorm';
import { rows } from '../../kernel/query';
import type { AsJson } from '../../kernel/query';
import { type Balance, balancesColumn } from '../../ledger/balances.queries';
import { nextReleasesColumn } from '../../money/commissions/commissions.queries';
import { EARNINGS, earningsIn } from '../../money/wallets/earnings.queries';
import type { MonthlyEarnings } from '../../money/wallets/earnings.queries';
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
  /** By currency, when the next commission that is maturing becomes available. */
  readonly nextReleases: Readonly<Record<string, string>>;
  readonly rateCard: readonly RateCardRow[];
  /** The last twelve months, this one included, by currency; empty when nothing was earned in them. */
  readonly earnings: readonly MonthlyEarnings[];
}

const OVERVIEW = {
  name: 'dashboard-overview',
  text: `
    select p.id, p.first_name, p.last_name, p.email, p.phone, p.status,
           p.sponsor_id, p.joined_at, p.email_confirmed_at,
           p.referral_code, z.code as level_zero_code,
           (select json_build_object('versionId', v.id, 'title', v.title) from partner_program.terms_version v
             where v.published_at is not null and partner_program.owes_acceptance(p.id)
             order by v.published_at desc limit 1) as terms_to_accept,
           (select a.terms_version_id from partner_program.terms_acceptance a
             where a.partner_id = p.id order by a.id desc limit 1) as terms_receipt,
           exists (select from partner_program.payout_account a
                    where a.partner_id = p.id and a.valid @> partner_program.now_ms()) as has_payout_account,
           ${balancesColumn('p.id')} as balances,
           ${nextReleasesColumn('p.id')} as next_releases,
           (select coalesce(json_agg(c), '[]') from (${RATE_CARD.text}) c) as rate_card,
           (select coalesce(json_agg(m), '[]') from (${EARNINGS}) m) as earnings
      from partner_program.partner p
      left join partner_program.level_zero_link z on z.partner_id = p.id
     where p.id = $1`,
};

/** @param timeZone where the months begin and end, by an IANA name */
export async function overviewOf(tx: EntityManager, partnerId: string, timeZone: string): Promise<Overview> {
  const [row] = await rows<Overview & { earnings: AsJson<MonthlyEarnings>[] }>(tx, OVERVIEW, [partnerId, timeZone]);
  return { ...row!, earnings: earningsIn(row!.earnings) };
}
