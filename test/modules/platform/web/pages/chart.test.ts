import { earningsCharts } from '../../../../../modules/platform/web/pages/chart';

const month = (ownMinor: number, networkMinor: number, currency = 'PLN') => ({
  currency,
  month: '2026-03-01',
  ownMinor,
  networkMinor,
});

it('[P15] stacks the network on one’s own, both on zero', () => {
  const [chart] = earningsCharts([month(300, 100), month(0, 0)]);
  const [full, empty] = chart!.bars;
  expect(chart!.zero).toBe(160);
  expect(full!.own).toEqual({ y: 40, height: 120 });
  expect(full!.network).toEqual({ y: 0, height: 40 });
  expect(empty!.own.height + empty!.network.height).toBe(0);
});

it('lets what was taken back hang below zero', () => {
  const [chart] = earningsCharts([month(300, -100), month(-60, -40)]);
  const [mixed, lost] = chart!.bars;
  expect(chart!.zero).toBe(120);
  expect(mixed!.network).toEqual({ y: 120, height: 40 });
  expect(lost!.own).toEqual({ y: 120, height: 24 });
  expect(lost!.network).toEqual({ y: 144, height: 16 });
});

it('draws one chart a currency, also of nothing', () => {
  expect(earningsCharts([])).toEqual([]);
  expect(earningsCharts([month(0, 0), month(0, 0, 'EUR')]).map(({ currency }) => currency)).toEqual(['PLN', 'EUR']);
});
