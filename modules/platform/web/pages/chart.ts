/** A month of a chart: two amounts, either of which may be below zero. */
interface Month {
  readonly currency: string;
  readonly month: string;
  readonly ownMinor: number;
  readonly networkMinor: number;
}

interface Bar {
  readonly y: number;
  readonly height: number;
}

const [WIDTH, HEIGHT, GAP] = [720, 160, 12];

/** What a chart of earnings is drawn of, one for each currency: bars that stand on zero, the network's on one's own. */
export function earningsCharts(months: readonly Month[]) {
  const currencies = [...new Set(months.map(({ currency }) => currency))];
  return currencies.map((currency) =>
    chartOf(
      currency,
      months.filter((month) => month.currency === currency),
    ),
  );
}

function chartOf(currency: string, months: readonly Month[]) {
  const above = Math.max(...months.map((month) => sumOf(month, (amount) => amount > 0)), 0);
  const below = Math.min(...months.map((month) => sumOf(month, (amount) => amount < 0)), 0);
  const scale = HEIGHT / (above - below || 1);
  const zero = round(above * scale);
  const step = WIDTH / months.length;
  const bars = months.map((month, index) => {
    const own = barFrom(0, month.ownMinor, { zero, scale });
    const sameSide = Math.sign(month.ownMinor) === Math.sign(month.networkMinor);
    const network = barFrom(sameSide ? month.ownMinor : 0, month.networkMinor, { zero, scale });
    const x = round(index * step + GAP / 2);
    return { ...month, x, middle: round(x + (step - GAP) / 2), own, network };
  });
  return { currency, width: WIDTH, height: HEIGHT, barWidth: round(step - GAP), labelY: HEIGHT + 20, zero, bars };
}

function sumOf({ ownMinor, networkMinor }: Month, counts: (amount: number) => boolean): number {
  return [ownMinor, networkMinor].filter(counts).reduce((sum, amount) => sum + amount, 0);
}

function barFrom(start: number, amount: number, { zero, scale }: { zero: number; scale: number }): Bar {
  const top = zero - Math.max(start, start + amount) * scale;
  return { y: round(top), height: round(Math.abs(amount) * scale) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
