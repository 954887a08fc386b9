import { stateAfter, stepsTo } from './accrual-steps';
import type { AccrualState, AccrualStep } from './accrual-steps';
import { calculationAsOf } from './calculation';
import type { ContractMoment, Rulebook } from './calculation';
import { accrualsOf } from './contract-history';
import type { HistoryEvent } from './contract-history';

/** A reported change: what the contract was like, and what its status did then. */
export type ReportedEvent = ContractMoment & HistoryEvent;

/** The steps that one event of one contract makes necessary. */
export interface EventSteps {
  readonly event: ReportedEvent;
  readonly steps: readonly AccrualStep[];
}

/**
 * Takes events of one contract one by one, each on top of what the earlier ones led to. The posting of new events and
 * the re-derivation of old ones both run through here.
 *
 * @param reported   everything reported of the contract, in the order in which it was reported
 * @param isNew  which of them to take; those before are in the states already
 * @param before where each accrual stands before the first new event, by accrual version
 * @see Q3
 */
export function replay(
  reported: readonly ReportedEvent[],
  isNew: (event: ReportedEvent) => boolean,
  before: ReadonlyMap<number, AccrualState>,
  rulebook: Rulebook,
): EventSteps[] {
  const states = new Map(before);
  return reported.flatMap((event, index) => {
    if (!isNew(event)) return [];
    const steps = stepsTo([...states.values()], accrualsOf(reported.slice(0, index + 1)), (version, baseMinor) => {
      const origin = reported.find((other) => other.version === version)!;
      return calculationAsOf(origin, baseMinor, rulebook);
    });
    for (const step of steps) states.set(step.version, stateAfter(states.get(step.version), step));
    return [{ event, steps }];
  });
}
