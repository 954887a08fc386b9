import fc from 'fast-check';
import { accrualsOf } from '../../../../../modules/money/commissions/calculation/contract-history';
import type { HistoryEvent, StatusAction } from '../../../../../modules/money/commissions/calculation/contract-history';

const ACTIONS: Record<string, StatusAction> = {
  draft: 'none',
  sent: 'none',
  signed: 'accrue',
  active: 'accrue',
  refunded: 'reverse',
  cancelled: 'reverse',
};

type Change = string | [status: string, facts: Partial<HistoryEvent>];

/** Events numbered from 1, each a status or a status with what else matters. */
function history(...changes: Change[]): HistoryEvent[] {
  return changes.map((change, index) => {
    const [status, facts] = typeof change === 'string' ? [change, {}] : change;
    const action = ACTIONS[status]!;
    return {
      version: index + 1,
      status,
      action,
      valueMinor: 100_00,
      currency: 'PLN',
      refundBps: null,
      refundMinor: null,
      ...facts,
    };
  });
}

const brief = (events: readonly HistoryEvent[]) =>
  accrualsOf(events).map(({ version, basisMinor, reversedBps }) => [version, basisMinor, reversedBps]);

describe('the history of a contract', () => {
  it.each<[string, Change[], [version: number, basisMinor: number, reversedBps: number][]]>([
    ['nothing before an accruing status', ['draft', 'sent', 'cancelled'], []],
    ['one accrual from the event that enters it', ['draft', 'signed'], [[2, 100_00, 0]]],
    ['no second one from a further accruing status', ['signed', 'active', 'signed'], [[1, 100_00, 0]]],
    ['no reversal by a status that does nothing', ['signed', 'draft'], [[1, 100_00, 0]]],
    ['the whole taken back', ['signed', 'cancelled'], [[1, 100_00, 10_000]]],
    ['no second reversal', ['signed', 'cancelled', 'refunded'], [[1, 100_00, 10_000]]],
    // prettier-ignore
    ['a second accrual after a reversal', ['signed', 'cancelled', 'signed'], [[1, 100_00, 10_000], [3, 100_00, 0]]],
    ['a part taken back', ['signed', ['refunded', { refundBps: 3_000 }]], [[1, 100_00, 3_000]]],
    [
      'parts that add up',
      ['signed', ['refunded', { refundBps: 3_000 }], ['refunded', { refundBps: 2_500 }]],
      [[1, 100_00, 5_500]],
    ],
    [
      'no more taken back than there is',
      ['signed', ['refunded', { refundBps: 7_000 }], ['refunded', { refundBps: 7_000 }]],
      [[1, 100_00, 10_000]],
    ],
    [
      'nothing further by a change within the reversing status',
      ['signed', ['refunded', { refundBps: 3_000 }], ['refunded', { valueMinor: 80_00 }]],
      [[1, 80_00, 3_000]],
    ],
    [
      'the rest taken back when it is signed again after a part, so that it pays once net',
      ['signed', ['refunded', { refundBps: 3_000 }], 'signed'],
      // prettier-ignore
      [[1, 100_00, 10_000], [3, 100_00, 0]],
    ],
    [
      'no second accrual from a refund told in an accruing status',
      ['signed', ['signed', { refundBps: 500 }]],
      [[1, 100_00, 0]],
    ],
    ['the value as it is by now', ['signed', ['signed', { valueMinor: 120_00 }]], [[1, 120_00, 0]]],
    [
      'an accrual in the new currency of what was taken back in the old one',
      ['signed', ['signed', { valueMinor: 9, currency: 'EUR' }]],
      // prettier-ignore
      [[1, 100_00, 10_000], [2, 9, 0]],
    ],
    [
      'the same share taken back in the new currency',
      ['signed', ['refunded', { refundBps: 3_000 }], ['draft', { valueMinor: 9, currency: 'EUR' }]],
      // prettier-ignore
      [[1, 100_00, 10_000], [3, 9, 3_000]],
    ],
    [
      'the share in whole basis points of what was given back as an amount before a currency switch',
      ['signed', ['refunded', { refundMinor: 33_33 }], ['draft', { valueMinor: 9, currency: 'EUR' }]],
      // prettier-ignore
      [[1, 100_00, 10_000], [3, 9, 3_333]],
    ],
    [
      'no accrual in another currency of what is closed',
      ['signed', 'cancelled', ['cancelled', { currency: 'EUR' }]],
      [[1, 100_00, 10_000]],
    ],
    [
      'the whole taken back by an amount that is all of it',
      ['signed', ['refunded', { refundMinor: 100_00 }]],
      [[1, 100_00, 10_000]],
    ],
    [
      'the whole taken back by amounts and shares that add up to it',
      [
        'signed',
        ['refunded', { refundMinor: 30_00 }],
        ['refunded', { refundBps: 5_000 }],
        ['refunded', { refundMinor: 20_00 }],
      ],
      [[1, 100_00, 10_000]],
    ],
    [
      'the whole taken back once the value falls to what was given back',
      ['signed', ['refunded', { refundMinor: 30_00 }], ['refunded', { valueMinor: 30_00 }]],
      [[1, 30_00, 10_000]],
    ],
    [
      'the rest taken back when it is signed again after an amount',
      ['signed', ['refunded', { refundMinor: 1 }], 'signed'],
      // prettier-ignore
      [[1, 100_00, 10_000], [3, 100_00, 0]],
    ],
    [
      'the currency of the second signing',
      ['signed', 'cancelled', ['signed', { valueMinor: 9, currency: 'EUR' }]],
      // prettier-ignore
      [[1, 100_00, 10_000], [3, 9, 0]],
    ],
    ['no change of what is closed', ['signed', 'cancelled', ['cancelled', { valueMinor: 5 }]], [[1, 100_00, 10_000]]],
  ])('[P12] [Q4] makes %s', (_, changes, expected) => {
    expect(brief(history(...changes))).toEqual(expected);
  });

  it('[Q4] keeps amounts that were given back beside the share', () => {
    const events = history(
      'signed',
      ['refunded', { refundMinor: 12_34 }],
      ['refunded', { refundBps: 500 }],
      ['refunded', { refundMinor: 66 }],
    );
    expect(accrualsOf(events)).toEqual([
      { version: 1, basisMinor: 100_00, currency: 'PLN', reversedBps: 500, reversedMinor: 13_00 },
    ]);
  });

  it('[F27] leaves one accrual open after any number of signings and cancellations', () => {
    const changes = Array.from({ length: 41 }, (_, n) => (n % 2 === 0 ? 'signed' : 'cancelled'));
    const accruals = accrualsOf(history(...changes));
    expect(accruals).toHaveLength(21);
    expect(accruals.filter(({ reversedBps }) => reversedBps < 10_000)).toEqual([accruals.at(-1)]);
  });

  const change = fc.record({
    status: fc.constantFrom(...Object.keys(ACTIONS)),
    refund: fc.option(
      fc.oneof(
        fc.record({ refundBps: fc.integer({ min: 1, max: 10_000 }) }),
        fc.record({ refundMinor: fc.integer({ min: 1, max: 1_000_000 }) }),
      ),
    ),
    valueMinor: fc.nat(1_000_000),
    currency: fc.constantFrom('PLN', 'PLN', 'PLN', 'EUR'),
  });
  const changes = fc
    .array(change, { maxLength: 12 })
    .map((all) => history(...all.map(({ status, refund, ...facts }): Change => [status, { ...facts, ...refund }])));
  const shuffled = changes.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
  );

  it('[D5] [F26] depends on the events only, not on their order', () => {
    fc.assert(
      fc.property(shuffled, ([events, inAnyOrder]) => {
        expect(accrualsOf(inAnyOrder)).toEqual(accrualsOf(events));
      }),
      { numRuns: 2_000 },
    );
  });

  it('[P12] [Q4] keeps at most the last accrual open, and takes back between nothing and all', () => {
    fc.assert(
      fc.property(changes, (events) => {
        const accruals = accrualsOf(events);
        expect(accruals.slice(0, -1).every(({ reversedBps }) => reversedBps === 10_000)).toBe(true);
        expect(accruals.every(({ reversedBps }) => reversedBps >= 0 && reversedBps <= 10_000)).toBe(true);
        expect(accruals.map(({ version }) => version)).toEqual(
          accruals.map(({ version }) => version).toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
