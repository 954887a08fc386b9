import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { currentTime } from '../../kernel/clock';
import { startOfMonth } from '../../kernel/day';
import type { Balance } from '../../ledger/balances.queries';
import { ForecastsService, forecastSums } from '../../money/commissions/forecasts/forecasts.service';
import type { ForecastLine, ForecastSum } from '../../money/commissions/forecasts/forecasts.service';
import { WithdrawalsService } from '../../money/redemptions/withdrawals.service';
import { emptyWallet, WalletsService, walletsWith } from '../../money/wallets/wallets.service';
import { partnerJson } from '../../people/partners/partner-json';
import { PartnersService } from '../../people/partners/partners.service';
import { Program } from '../../platform/program/program.service';
import type { Actor } from '../../platform/web/access/actor';
import { LinksService } from '../invitations/links/links.service';
import { type Overview, overviewOf } from './dashboard.queries';

const RECENT_ENTRIES = 10;
const OPEN_CONTRACTS = 5;

@Injectable()
export class DashboardService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly program: Program,
    private readonly forecasts: ForecastsService,
    private readonly links: LinksService,
    private readonly partners: PartnersService,
    private readonly wallets: WalletsService,
    private readonly withdrawals: WithdrawalsService,
  ) {}

  /** Five statements, whatever the partner has and expects. @see P7 P15 */
  async of(me: Actor) {
    const { id } = me.partner!;
    const { currency, timeZone } = this.program.now;
    const overview = await overviewOf(this.db.manager, id, timeZone);
    const network = await this.partners.network(me.partner!, startOfMonth(currentTime(), timeZone));
    const expected = await this.forecasts.of(this.db.manager, id);
    const forecasts = forecastSums(expected);
    const recent = await this.wallets.entries(id, { account: 'available' }, { limit: RECENT_ENTRIES });
    return {
      partner: partnerJson(overview),
      referralLink: this.links.linkOf(overview.referralCode, me.locale),
      levelZeroLink: await this.levelZeroLink(me, overview),
      wallets: withForecasts(walletsWith(currency, overview.balances), forecasts, overview.nextReleases),
      pendingWithdrawal: await this.withdrawals.pendingOf(id),
      recentEntries: recent.data,
      openContracts: newestOf(expected),
      earnings: overview.earnings,
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

/** A contract under way, and what it would pay if it was signed now. @see P19 */
export interface OpenContractRow {
  readonly contractId: string;
  readonly number: string | null;
  readonly level: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly occurredAt: Date;
}

/** Those that changed last. */
function newestOf(expected: readonly ForecastLine[]): OpenContractRow[] {
  return expected
    .filter(({ line }) => line.amountMinor > 0)
    .toSorted((a, b) => Number(new Date(b.contract.occurredAt)) - Number(new Date(a.contract.occurredAt)))
    .slice(0, OPEN_CONTRACTS)
    .map(({ contract: { contractId, number, currency, occurredAt }, line: { level, amountMinor } }) => {
      return { contractId, number, level, amountMinor, currency, occurredAt };
    });
}

/** A wallet with what is still to come into it. @see P15 P19 */
export interface ExpectantWallet extends Balance {
  /** From contracts that have not accrued, and the same by the weights of their statuses. */
  readonly forecastMinor: number;
  readonly weightedForecastMinor: number;
  /** When the next part of what is maturing becomes available; null where nothing is. */
  readonly nextReleaseAt: string | null;
}

function withForecasts(
  wallets: readonly Balance[],
  forecasts: readonly ForecastSum[],
  nextReleases: Readonly<Record<string, string>>,
): ExpectantWallet[] {
  const expected = forecasts.flatMap(({ currency }) =>
    wallets.some((wallet) => wallet.currency === currency) ? [] : [emptyWallet(currency)],
  );
  return [...wallets, ...expected].map((wallet) => {
    const sum = forecasts.find(({ currency }) => currency === wallet.currency);
    return {
      ...wallet,
      forecastMinor: sum?.amountMinor ?? 0,
      weightedForecastMinor: sum?.weightedMinor ?? 0,
      nextReleaseAt: nextReleases[wallet.currency] ?? null,
    };
  });
}
