import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AttributionSource } from '../../../kernel/attribution-source';
import { shareOf } from '../../../kernel/money';
import type { Currency } from '../../../kernel/money';
import { choosePlan } from '../../../rules/plans/plan-rules';
import { AttributionService } from '../../attribution/attribution.service';
import { splitCommission } from '../calculation/commission-split';
import type { CommissionLine } from '../calculation/commission-split';
import { forecastFacts } from './forecasts.queries';
import type { ForecastFacts, OpenContract } from './forecasts.queries';

/** What a partner stands to earn from a contract that has not been accrued yet, minor units. */
export interface ForecastLine {
  readonly contract: OpenContract;
  readonly source: AttributionSource;
  readonly line: CommissionLine;
  /** The amount by the weight of the contract's status, rounded down. */
  readonly weightedMinor: number;
}

/** The sums of a partner's forecasts in one currency. */
export interface ForecastSum {
  readonly currency: Currency;
  readonly contracts: number;
  readonly amountMinor: number;
  readonly weightedMinor: number;
}

/** Says what contracts under way would pay if they were signed now, by the engine that posts them. @see P19 */
@Injectable()
export class ForecastsService {
  constructor(private readonly attributions: AttributionService) {}

  /**
   * The partner's own line of every contract of the network that has not been accrued, the unpaid ones with their reason.
   * One statement.
   */
  async of(tx: EntityManager, partnerId: string): Promise<ForecastLine[]> {
    return this.lines(await forecastFacts(tx, partnerId)).filter(({ line }) => line.partnerId === partnerId);
  }

  /** The lines of everybody on every contract under way. One statement. @see P24 */
  async ofEverybody(tx: EntityManager): Promise<ForecastLine[]> {
    return this.lines(await forecastFacts(tx, null));
  }

  private lines({ now, open, candidates, plans, uplines }: ForecastFacts): ForecastLine[] {
    return open.flatMap((contract, index) => {
      const { attributedTo, attributionSource: source } = this.attributions.among(candidates[index]!, contract);
      if (attributedTo === null || source === null) return [];
      const lines = splitCommission(contract.valueMinor, uplines.get(attributedTo)!, choosePlan(plans, contract, now));
      return lines.map((line) => {
        return { contract, source, line, weightedMinor: shareOf(line.amountMinor, contract.weightBps) };
      });
    });
  }
}

/** The forecasts by currency, in the order of their codes. */
export function forecastSums(forecasts: readonly ForecastLine[]): ForecastSum[] {
  const sums = new Map<Currency, ForecastSum>();
  for (const { contract, line, weightedMinor } of forecasts) {
    const { currency } = contract;
    const sum = sums.get(currency) ?? { currency, contracts: 0, amountMinor: 0, weightedMinor: 0 };
    sums.set(currency, {
      currency,
      contracts: sum.contracts + 1,
      amountMinor: sum.amountMinor + line.amountMinor,
      weightedMinor: sum.weightedMinor + weightedMinor,
    });
  }
  return [...sums.values()].toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
}
