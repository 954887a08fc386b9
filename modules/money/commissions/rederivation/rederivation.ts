import type { AccrualStep, StepLine } from '../calculation/accrual-steps';
import type { EventSteps } from '../calculation/replay';

/** A calculation as stored, and what the ledger holds of its event. */
export interface StoredCalculation extends AccrualStep {
  readonly eventVersion: number;
  readonly transactionId: string | null;
}

/** What the ledger credited a partner for one event, under the key of that event. */
export interface PostedAmount {
  readonly eventVersion: number;
  readonly transactionId: string;
  readonly partnerId: string;
  readonly level: number;
  readonly currency: string;
  readonly amountMinor: number;
}

/** One thing that is stored otherwise than the rules give; null stands for something that is not there. */
export interface Difference {
  readonly contractId: string;
  readonly eventVersion: number;
  /** Null where the ledger differs, which knows events only. */
  readonly accrualVersion: number | null;
  readonly level: number | null;
  readonly field: string;
  readonly stored: string | number | null;
  readonly derived: string | number | null;
}

type Value = string | number | null;
type Facts = ReadonlyMap<string, Value>;

/** What one place of the books says: `[what it is about, its fields]`. */
type Place = readonly [
  Omit<Difference, 'contractId' | 'field' | 'stored' | 'derived'>,
  Readonly<Record<string, Value>>,
];

/**
 * Compares everything stored about one contract with what its events lead to now.
 *
 * @returns none when the past can be derived again exactly
 * @see Q3
 */
export function differencesOf(
  contractId: string,
  { calculations, posted }: { calculations: readonly StoredCalculation[]; posted: readonly PostedAmount[] },
  replayed: readonly EventSteps[],
): Difference[] {
  const transactions = new Map(posted.map(({ eventVersion, transactionId }) => [eventVersion, transactionId]));
  const derived = replayed.flatMap(({ event, steps }) =>
    steps.map((step) => ({
      ...step,
      eventVersion: event.version,
      transactionId: transactions.get(event.version) ?? null,
    })),
  );
  const amounts = derived.flatMap(({ eventVersion, currency, lines }) =>
    lines.map(({ partnerId, level, postedMinor }) => ({
      eventVersion,
      currency,
      partnerId,
      level,
      amountMinor: postedMinor,
    })),
  );
  return [
    ...compare(contractId, calculations.flatMap(placesOf), derived.flatMap(placesOf)),
    ...compare(contractId, ledgerPlaces(posted), ledgerPlaces(amounts)),
  ];
}

function placesOf(calculation: StoredCalculation): Place[] {
  const { version: accrualVersion, eventVersion, lines, asOf, kind, planVersionId, basisMinor } = calculation;
  const { currency, reversedBps, reversedMinor, transactionId } = calculation;
  const head = {
    kind,
    asOf: asOf.toISOString(),
    planVersionId,
    basisMinor,
    currency,
    reversedBps,
    reversedMinor,
    transactionId,
  };
  return [
    [{ eventVersion, accrualVersion, level: null }, head],
    ...lines.map(({ level, ...line }: StepLine): Place => [{ eventVersion, accrualVersion, level }, { ...line }]),
  ];
}

/** The sums of the ledger, by event, level, partner and currency; nothing and zero are the same. */
function ledgerPlaces(amounts: readonly Omit<PostedAmount, 'transactionId'>[]): Place[] {
  const sums = new Map<string, { place: Place[0]; field: string; sumMinor: number }>();
  for (const { eventVersion, level, partnerId, currency, amountMinor } of amounts) {
    const field = `ledger ${currency} ${partnerId}`;
    const key = `${eventVersion} ${level} ${field}`;
    const sumMinor = (sums.get(key)?.sumMinor ?? 0) + amountMinor;
    sums.set(key, { place: { eventVersion, accrualVersion: null, level }, field, sumMinor });
  }
  return [...sums.values()]
    .filter(({ sumMinor }) => sumMinor !== 0)
    .map(({ place, field, sumMinor }) => [place, { [field]: sumMinor }]);
}

function compare(contractId: string, stored: readonly Place[], derived: readonly Place[]): Difference[] {
  const [before, now] = [factsOf(stored), factsOf(derived)];
  return [...new Set([...before.keys(), ...now.keys()])]
    .filter((key) => (before.get(key) ?? null) !== (now.get(key) ?? null))
    .map((key) => {
      const [eventVersion, accrualVersion, level, field] = JSON.parse(key) as [
        number,
        number | null,
        number | null,
        string,
      ];
      const [is, shouldBe] = [before.get(key) ?? null, now.get(key) ?? null];
      return { contractId, eventVersion, accrualVersion, level, field, stored: is, derived: shouldBe };
    });
}

function factsOf(places: readonly Place[]): Facts {
  return new Map(
    places.flatMap(([{ eventVersion, accrualVersion, level }, fields]) =>
      Object.entries(fields).map(
        ([field, value]) => [JSON.stringify([eventVersion, accrualVersion, level, field]), value] as const,
      ),
    ),
  );
}
