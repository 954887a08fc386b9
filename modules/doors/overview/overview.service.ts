import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { ForecastsService, forecastSums } from '../../money/commissions/forecasts/forecasts.service';
import { Program } from '../../platform/program/program.service';
import type { Actor } from '../../platform/web/access/actor';
import { moneyOfProgram, newcomers, waiting } from './overview.queries';

/** What administrators see first. @see P24 */
@Injectable()
export class OverviewService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly forecasts: ForecastsService,
    private readonly program: Program,
  ) {}

  /** The figures whose lists the person may open, each exact. Four statements. */
  async of(me: Actor) {
    const tx = this.db.manager;
    const pays = me.permissions.has('manageBalances');
    const configures = me.permissions.has('configure');
    const seesAll = pays || me.permissions.has('viewAllPartners');
    const { withdrawals, approvals, clientLinks, deadJobs } = await waiting(tx);
    return {
      waiting: {
        ...(pays ? { withdrawals } : {}),
        ...(seesAll || me.permissions.has('inviteLevelZero') ? { approvals } : {}),
        ...(pays || configures ? { clientLinks } : {}),
        ...(configures ? { deadJobs } : {}),
      },
      ...(pays ? await this.money() : {}),
      ...(seesAll ? { partners: await this.partners() } : {}),
    };
  }

  private async money() {
    const tx = this.db.manager;
    const { thisMonth, lastMonth, liabilities, top } = await moneyOfProgram(tx, this.program.now);
    const expected = forecastSums(await this.forecasts.ofEverybody(tx));
    return {
      commissions: { thisMonth, lastMonth },
      forecast: expected.map(({ amountMinor, currency, weightedMinor }) => ({ amountMinor, currency, weightedMinor })),
      liabilities,
      top,
    };
  }

  private async partners() {
    const { active, byMonth } = await newcomers(this.db.manager, this.program.now.timeZone);
    return { active, newThisMonth: byMonth.at(-1)!.count, byMonth };
  }
}
