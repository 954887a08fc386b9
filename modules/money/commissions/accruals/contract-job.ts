import type { ContractChange } from '../../../host';
import { MAX_AMOUNT_MINOR } from '../../../kernel/money';
import { Refusal } from '../../../kernel/refusal';
import { tidyText } from '../../../kernel/tidy-text';
import type { Units } from '../../../kernel/units';
import { referralIn } from '../../attribution/attribution';
import type { NewJob } from '../../../platform/jobs/jobs.queries';
import type { ReportedContract } from '../commissions.queries';

/** How far ahead of the database a host's clock may run. */
const CLOCK_TOLERANCE_MS = 60_000;

/** A reported change as it stands in a job: dates are text. */
export type ContractJob = Omit<ReportedContract, 'occurredAt'> & { readonly occurredAt: string };

/**
 * The job that calculates a reported change, under a key that makes reporting it twice the same as once.
 * @throws Refusal INVALID_AMOUNT, INVALID_INPUT, CURRENCY_UNKNOWN, FUTURE_CHANGE for a change that no commission can be
 *         calculated from
 */
export function contractJob(change: ContractChange, at: { readonly now: Date; readonly units: Units }): NewJob {
  assertCalculable(change, at);
  return { key: `contract:${change.id}:${change.version}`, kind: 'contract', payload: payloadOf(change) };
}

function assertCalculable(
  { valueMinor, currency, version, refundBps, refundMinor = null, occurredAt }: ContractChange,
  { now, units }: { readonly now: Date; readonly units: Units },
): void {
  if (!Number.isSafeInteger(valueMinor) || valueMinor < 0 || valueMinor > MAX_AMOUNT_MINOR) {
    throw new Refusal('INVALID_AMOUNT', { value: String(valueMinor) });
  }
  if (!Number.isInteger(version) || version < 1) throw new Refusal('INVALID_INPUT', { field: 'version' });
  if (refundBps !== null && !(Number.isInteger(refundBps) && refundBps >= 1 && refundBps <= 10_000)) {
    throw new Refusal('INVALID_INPUT', { field: 'refundBps' });
  }
  const isPartOfValue =
    refundMinor === null || (Number.isSafeInteger(refundMinor) && refundMinor >= 1 && refundMinor <= valueMinor);
  if (!isPartOfValue || (refundMinor !== null && refundBps !== null)) {
    throw new Refusal('INVALID_INPUT', { field: 'refundMinor' });
  }
  if (!units.has(currency)) throw new Refusal('CURRENCY_UNKNOWN', { currency });
  if (occurredAt.getTime() > now.getTime() + CLOCK_TOLERANCE_MS) throw new Refusal('FUTURE_CHANGE', { occurredAt });
}

function payloadOf({
  id,
  number,
  version,
  status,
  sellerId,
  clientId,
  valueMinor,
  currency,
  product,
  kind,
  refundBps,
  refundMinor,
  referredBy,
  occurredAt,
}: ContractChange): ContractJob {
  return {
    contractId: id,
    number,
    version,
    status,
    sellerId,
    clientId,
    valueMinor,
    currency,
    product: tidied(product),
    kind: tidied(kind),
    refundBps,
    refundMinor: refundMinor ?? null,
    referredBy: referralIn(referredBy),
    occurredAt: occurredAt.toISOString(),
  };
}

function tidied(name: string | null | undefined): string | null {
  return name == null ? null : tidyText(name);
}
