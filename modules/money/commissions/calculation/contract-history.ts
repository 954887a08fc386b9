import { FULL_BPS } from '../../../kernel/money';

export type StatusAction = 'accrue' | 'reverse' | 'none';

/** One reported change of a contract, with what its status was configured to do at that moment. */
export interface HistoryEvent {
  readonly version: number;
  readonly status: string;
  readonly action: StatusAction;
  readonly valueMinor: number;
  readonly currency: string;
  /** With a reversing status: how much of the base is given back; null for all of it. */
  readonly refundBps: number | null;
}

/**
 * A stretch of a contract's life that pays: from the event that let it enter an accruing status until it is reversed
 * in full. Its rules are those of the moment it began.
 */
export interface Accrual {
  /** The version of the event it began with; names the accrual. */
  readonly version: number;
  /** The base it should have been calculated from by now. */
  readonly basisMinor: number;
  readonly currency: string;
  /** How much of it is taken back by now, in basis points. */
  readonly reversedBps: number;
}

/**
 * What a contract should have accrued and reversed after these events. It depends on the set of events only, not on
 * when or how often each was reported, so late and repeated ones lead to the same end.
 *
 * Entering an accruing status begins an accrual unless one is open; if the open one is reversed in part, the rest of
 * it is reversed and a new one begins, so that signing again pays once net. Entering a reversing status, and
 * staying in it with a further refund, takes back the given part, at most what is left. A change of value revalues the open accrual.
 *
 * @param events in any order, one per version
 * @returns accruals, the oldest first
 * @see P12 Q4
 */
export function accrualsOf(events: readonly HistoryEvent[]): Accrual[] {
  const accruals: Accrual[] = [];
  let status: string | null = null;
  for (const event of events.toSorted((a, b) => a.version - b.version)) {
    const entered = event.status !== status || (event.action === 'reverse' && event.refundBps !== null);
    status = event.status;
    const last = accruals.at(-1);
    const open = last && last.reversedBps < FULL_BPS ? last : undefined;
    if (event.action === 'accrue' && entered && (!open || open.reversedBps > 0)) {
      if (open) accruals[accruals.length - 1] = { ...open, reversedBps: FULL_BPS };
      accruals.push({ version: event.version, basisMinor: event.valueMinor, currency: event.currency, reversedBps: 0 });
    } else if (open) {
      accruals[accruals.length - 1] = afterEvent(open, event, entered);
    }
  }
  return accruals;
}

/** The open accrual after an event that does not begin another; a value in another currency is no value of it. */
function afterEvent(open: Accrual, event: HistoryEvent, entered: boolean): Accrual {
  const takenBps = event.action === 'reverse' && entered ? (event.refundBps ?? FULL_BPS) : 0;
  return {
    ...open,
    basisMinor: event.currency === open.currency ? event.valueMinor : open.basisMinor,
    reversedBps: Math.min(FULL_BPS, open.reversedBps + takenBps),
  };
}
