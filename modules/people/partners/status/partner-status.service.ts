import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { refuseOn } from '../../../kernel/query';
import { Refusal } from '../../../kernel/refusal';
import { transaction } from '../../../kernel/transaction';
import { attributeChanges } from '../../../platform/audit/audit.queries';
import type { Signature } from '../../../platform/audit/audit.queries';
import { lockTimeline } from '../../../platform/timeline/timeline.queries';
import { PlansService } from '../../../rules/plans/plans.service';
import { Partner } from '../partner.entity';
import { endSuspension, openSuspension, replaceRank } from './partner-status.queries';

/** How partners stand in the program from a moment on: suspended or not, and in which rank. */
@Injectable()
export class PartnerStatusService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly plans: PlansService,
  ) {}

  /** From now on the partner earns nothing and may only look. @throws Refusal NOT_FOUND, PARTNER_LEFT, ALREADY_SUSPENDED */
  suspend(by: Signature, partnerId: string, reason: string): Promise<{ suspendedAt: Date }> {
    return this.change(by, partnerId, async (tx, { moment }) => {
      await refuseOn({ suspension_one_at_a_time: 'ALREADY_SUSPENDED' }, () =>
        openSuspension(tx, { partnerId, from: moment, reason, by: by.ref }),
      );
      return { suspendedAt: moment };
    });
  }

  /** @throws Refusal NOT_FOUND, PARTNER_LEFT, NOT_SUSPENDED */
  async reinstate(by: Signature, partnerId: string): Promise<void> {
    await this.change(by, partnerId, async (tx, { moment }) => {
      if (!(await endSuspension(tx, partnerId, moment))) throw new Refusal('NOT_SUSPENDED');
    });
  }

  /**
   * Gives a rank from now or a later date on.
   * @throws Refusal RANK_UNKNOWN (`ranks`) for one that no plan has, NOT_FOUND, PARTNER_LEFT, EFFECTIVE_DATE_PAST (`earliest`),
   * EFFECTIVE_DATE_TAKEN when a later rank is
   * planned already
   */
  async rank(by: Signature, partnerId: string, rank: string, effectiveFrom?: Date) {
    const ranks = await this.plans.ranks();
    if (!ranks.includes(rank)) throw new Refusal('RANK_UNKNOWN', { rank, ranks });
    return this.change(by, partnerId, async (tx, { earliest, moment }) => {
      const from = effectiveFrom ?? moment;
      if (from < earliest) throw new Refusal('EFFECTIVE_DATE_PAST', { earliest });
      await refuseOn({ partner_rank_one_at_a_time: 'EFFECTIVE_DATE_TAKEN' }, () =>
        replaceRank(tx, { partnerId, rank, from, by: by.ref }),
      );
      return { partnerId, rank, effectiveFrom: from };
    });
  }

  private change<T>(
    by: Signature,
    partnerId: string,
    work: (tx: EntityManager, timeline: { earliest: Date; moment: Date }) => Promise<T>,
  ): Promise<T> {
    return transaction(this.db, async (tx) => {
      await attributeChanges(tx, by);
      const timeline = await lockTimeline(tx);
      const partner = await tx.findOneBy(Partner, { id: partnerId });
      if (!partner) throw new Refusal('NOT_FOUND');
      if (partner.status === 'left') throw new Refusal('PARTNER_LEFT');
      return work(tx, timeline);
    });
  }
}
