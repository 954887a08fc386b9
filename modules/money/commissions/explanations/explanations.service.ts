import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Host } from '../../../host';
import { Refusal } from '../../../kernel/refusal';
import { downlineAmong, partnerNames } from '../../../people/partners/partners.queries';
import type { Actor } from '../../../platform/web/access/actor';
import { planVersion } from '../../../rules/plans/plans.queries';
import type { StepLine } from '../calculation/accrual-steps';
import { calculationsOf } from '../commissions.queries';
import { compositionOf } from './explanation';
import { commissionEntry } from './explanations.queries';

/** Tells a partner, or a holder of `manageBalances`, what an amount of the history consists of. @see Q2 */
@Injectable()
export class ExplanationsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
  ) {}

  /**
   * @param entryId as in the history: `<transaction>-<line>`
   * @throws Refusal NOT_FOUND for an entry of somebody else, and for one that is no commission
   */
  async explain(me: Actor, partnerId: string, entryId: string) {
    const { manager } = this.db;
    const [, transactionId, line] = /^(\d{1,18})-(\d{1,9})$/.exec(entryId) ?? [];
    const entry = transactionId && (await commissionEntry(manager, partnerId, { transactionId, line: Number(line) }));
    if (!entry) throw new Refusal('NOT_FOUND');
    const { contractId, kind, at, level } = entry;
    const steps = await calculationsOf(manager, [contractId]);
    const step = steps.find(({ id }) => id === entry.calculationId)!;
    const own = step.lines.find((one) => one.level === level)!;
    const plan = step.planVersionId === null ? undefined : await planVersion(manager, step.planVersionId);
    return {
      entry: { id: entryId, kind, at, level, currency: step.currency },
      partner: { id: partnerId, name: (await partnerNames(manager, [partnerId])).get(partnerId) },
      contract: { id: contractId, number: (await this.host.contract(contractId))?.number ?? null },
      step: { kind: step.kind, asOf: step.asOf, eventVersion: step.eventVersion, transactionId },
      plan: plan ? { versionId: plan.id, name: plan.name, number: plan.number, kind: plan.kind } : null,
      rateLevel: own.rateLevel,
      rank: own.rank,
      ...compositionOf(steps, step, own),
      path: await this.path(me, partnerId, step.lines.toReversed()),
    };
  }

  /**
   * The way the commission came, the top first. A holder of `manageBalances` sees everybody with what they got; a
   * partner the way up to oneself, without amounts, and without the names of those who stand elsewhere by now.
   */
  private async path(me: Actor, partnerId: string, lines: readonly StepLine[]) {
    const { manager } = this.db;
    const seesAll = me.permissions.has('manageBalances');
    const own = lines.findIndex((line) => line.partnerId === partnerId);
    const ids = lines.map((line) => line.partnerId);
    const known = seesAll ? new Set(ids) : await downlineAmong(manager, partnerId, ids);
    const names = await partnerNames(manager, [...known, partnerId]);
    return lines.slice(seesAll ? 0 : own).map((line) => ({
      level: line.level,
      name: names.get(line.partnerId) ?? null,
      isOwn: line.partnerId === partnerId,
      ...(seesAll && { partnerId: line.partnerId, amountMinor: line.amountMinor, reason: line.reason }),
    }));
  }
}
