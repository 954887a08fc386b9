import { Get, Inject } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { LinksService } from '../invitations/links/links.service';
import { DEFAULT_TIME_ZONE, startOfMonth } from '../kernel/day';
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../options';
import { partnerJson } from '../partners/partner-json';
import { PartnersService } from '../partners/partners.service';
import { PlansService } from '../plans/plans.service';
import { TermsService } from '../terms/terms.service';
import type { Actor } from '../web/actor';
import { Me, Page, ProgramController } from '../web/program-controller';
import { earningsOf } from '../wallets/earnings.queries';
import { PayoutAccountsService } from '../wallets/payout-accounts/payout-accounts.service';
import { WalletsService } from '../wallets/wallets.service';
import { WithdrawalsService } from '../wallets/withdrawals/withdrawals.service';

const RECENT_ENTRIES = 10;

/** What a partner sees first. @see P7 P15 */
@ProgramController()
export class DashboardController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly links: LinksService,
    private readonly partners: PartnersService,
    private readonly wallets: WalletsService,
    private readonly withdrawals: WithdrawalsService,
    private readonly plans: PlansService,
    private readonly terms: TermsService,
    private readonly payoutAccounts: PayoutAccountsService,
  ) {}

  @Get()
  @Page('dashboard/dashboard')
  async show(@Me() me: Actor) {
    const partner = await this.partners.visibleTo(me, me.partner!.id);
    const { timeZone = DEFAULT_TIME_ZONE } = this.options;
    const network = await this.partners.network(partner.id, startOfMonth(new Date(), timeZone));
    const termsToAccept = await this.terms.toAccept(partner.id);
    const recent = await this.wallets.entries(partner.id, { account: 'available' }, { limit: RECENT_ENTRIES });
    return {
      partner: partnerJson(partner),
      referralLink: await this.links.referralLink(me),
      levelZeroLink: await this.links.levelZeroLink(me),
      wallets: await this.wallets.of(partner.id),
      pendingWithdrawal: await this.withdrawals.pendingOf(partner.id),
      recentEntries: recent.data,
      earnings: await earningsOf(this.db.manager, partner.id, timeZone),
      network,
      rateCard: await this.plans.rateCard(),
      termsToAccept,
      termsReceipt: await this.terms.lastAccepted(partner.id),
      onboarding: {
        termsAccepted: !termsToAccept,
        emailConfirmed: partner.emailConfirmedAt !== null,
        payoutAccount: (await this.payoutAccounts.of(partner.id)).account !== null,
        firstPartner: network.total > 0,
      },
    };
  }
}
