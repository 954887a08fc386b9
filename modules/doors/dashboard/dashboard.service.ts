import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { startOfMonth } from '../../kernel/day';
import { WithdrawalsService } from '../../money/redemptions/withdrawals.service';
import { earningsOf } from '../../money/wallets/earnings.queries';
import { WalletsService, walletsWith } from '../../money/wallets/wallets.service';
import { partnerJson } from '../../people/partners/partner-json';
import { PartnersService } from '../../people/partners/partners.service';
import { Program } from '../../platform/program/program.service';
import type { Actor } from '../../platform/web/access/actor';
import { LinksService } from '../invitations/links/links.service';
import { type Overview, overviewOf } from './dashboard.queries';

const RECENT_ENTRIES = 10;

@Injectable()
export class DashboardService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly program: Program,
    private readonly links: LinksService,
    private readonly partners: PartnersService,
    private readonly wallets: WalletsService,
    private readonly withdrawals: WithdrawalsService,
  ) {}

  /** Five statements, whatever the partner has. @see P7 P15 */
  async of(me: Actor) {
    const { id } = me.partner!;
    const { currency, timeZone } = this.program.now;
    const overview = await overviewOf(this.db.manager, id);
    const network = await this.partners.network(me.partner!, startOfMonth(new Date(), timeZone));
    const recent = await this.wallets.entries(id, { account: 'available' }, { limit: RECENT_ENTRIES });
    return {
      partner: partnerJson(overview),
      referralLink: this.links.linkOf(overview.referralCode, me.locale),
      levelZeroLink: await this.levelZeroLink(me, overview),
      wallets: walletsWith(currency, overview.balances),
      pendingWithdrawal: await this.withdrawals.pendingOf(id),
      recentEntries: recent.data,
      earnings: await earningsOf(this.db.manager, id, timeZone),
      network,
      rateCard: overview.rateCard,
      termsToAccept: overview.termsToAccept,
      termsReceipt: overview.termsReceipt,
      onboarding: {
        termsAccepted: !overview.termsToAccept,
        emailConfirmed: overview.emailConfirmedAt !== null,
        payoutAccount: overview.hasPayoutAccount,
        firstPartner: network.total > 0,
      },
    };
  }

  /** The link is made when it is first asked for. */
  private levelZeroLink(me: Actor, { levelZeroCode }: Overview) {
    return levelZeroCode !== null && me.permissions.has('inviteLevelZero')
      ? this.links.linkOf(levelZeroCode, me.locale)
      : this.links.levelZeroLink(me);
  }
}
