import { FULL_BPS } from '../../../kernel/money';
import { atMostWhole, sharesIn, takenBackBps } from './taken-back';

export type StatusAction = 'accrue' | 'reverse' | 'none';

/** One reported change of a contract, with what its status was configured to do at that moment. */
export interface HistoryEvent {
  readonly version: number;
  readonly status: string;
  readonly action: StatusAction;
  readonly valueMinor: number;
  readonly currency: string;
  /** With a reversing status: how much of the base is given back, as a share or as an amount; neither for all of it. */
  readonly refundBps: number | null;
  readonly refundMinor: number | null;
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
  /** How much of it is taken back by now: a share in basis points, and amounts of the base besides. */
  readonly reversedBps: number;
  readonly reversedMinor: number;
}

/**
 * What a contract should have accrued and reversed after these events. It depends on the set of events only, not on
 * when or how often each was reported, so late and repeated ones lead to the same end.
 *
 * Entering an accruing status begins an accrual unless one is open; if the open one is reversed in part, the rest of
 * it is reversed and a new one begins, so that signing again pays once net. Entering a reversing status, and
 * staying in it with a further refund, takes back the given part, at most what is left. A change of value revalues the open
 * accrual; a change of currency ends it and begins one in the new currency, of which the same share is taken back.
 *
 * @param events in any order, one per version
 * @returns accruals, the oldest first
 * @see P12 Q4
 */
export function accrualsOf(events: readonly HistoryEvent[]): Accrual[] {
  const accruals: Accrual[] = [];
  let status: string | null = null;
  for (const event of events.toSorted((a, b) => a.version - b.version)) {
    const entered = event.status !== status || (event.action === 'reverse' && isPart(event));
    status = event.status;
    const last = accruals.at(-1);
    const open = last && last.reversedBps < FULL_BPS ? last : undefined;
    const reverses = event.action === 'reverse' && entered;
    const accrues = event.action === 'accrue' && entered && (!open || takenBackBps(open) > 0 || open.reversedMinor > 0);
    if (accrues || (open && !reverses && event.currency !== open.currency)) {
      if (open) accruals[accruals.length - 1] = { ...open, reversedBps: FULL_BPS, reversedMinor: 0 };
      accruals.push(begun(event, accrues || !open ? 0 : takenBackBps(open)));
    } else if (open) {
      accruals[accruals.length - 1] = afterEvent(open, event, reverses);
    }
  }
  return accruals;
}

/** Of the events of any contracts those that an accrual may begin with: the others need no rules of their moment. */
export function mayBegin<Event extends HistoryEvent & { readonly contractId: string }>(
  events: readonly Event[],
): Event[] {
  const currencies = new Map<string, string>();
  const switched = new Set<string>();
  for (const { contractId, currency } of events) {
    if ((currencies.get(contractId) ?? currency) !== currency) switched.add(contractId);
    currencies.set(contractId, currency);
  }
  return events.filter(({ action, contractId }) => action === 'accrue' || switched.has(contractId));
}

function isPart({ refundBps, refundMinor }: HistoryEvent): boolean {
  return refundBps !== null || refundMinor !== null;
}

function begun({ version, valueMinor: basisMinor, currency }: HistoryEvent, reversedBps: number): Accrual {
  return { version, basisMinor, currency, reversedBps, reversedMinor: 0 };
}

/** The open accrual after an event that does not begin another; a value in another currency is no value of it. */
function afterEvent(open: Accrual, event: HistoryEvent, reverses: boolean): Accrual {
  const isSame = event.currency === open.currency;
  const basisMinor = isSame ? event.valueMinor : open.basisMinor;
  const { refundMinor, refundBps } = event;
  if (!reverses) return atMostWhole({ ...open, basisMinor });
  const shareBps = refundBps ?? (refundMinor === null ? FULL_BPS : 0);
  return atMostWhole({
    ...open,
    basisMinor,
    reversedBps: open.reversedBps + shareBps + (isSame ? 0 : sharesIn(refundMinor ?? 0, Math.max(event.valueMinor, 1))),
    reversedMinor: open.reversedMinor + (isSame ? (refundMinor ?? 0) : 0),
  });
}
