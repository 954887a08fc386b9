/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const [WIDTH, HEIGHT] = [560, 260];
const LEFT = 64;
const RIGHT = 90;
const TOP = 36;
const BOTTOM = 40;
const LINE = 14;
const COLOURS = ['#0a7f5a', '#b4540a', '#3b63c4'];

/** Readable on white and on black, as the page around it is. */
const STYLE = `text { font: 12px sans-serif; fill: #555 } .title { font-weight: bold } .grid { stroke: #999; stroke-opacity: 0.35 }
  @media (prefers-color-scheme: dark) { text { fill: #bbb } }`;

/** Lines over a y from zero, as SVG. @param scale of x */
export function chart(title: string, xLabel: string, series: readonly Series[], scale: 'log' | 'linear'): string {
  const along = scale === 'log' ? Math.log : (x: number) => x;
  const xs = [...new Set(series.flatMap(({ points }) => points.map(({ x }) => x)))].toSorted((a, b) => a - b);
  const step = niceStep(Math.max(...series.flatMap(({ points }) => points.map(({ y }) => y))));
  const top = step * 4;
  const [low, high] = [along(xs[0]!), along(xs.at(-1)!)];
  const xOf = (x: number) => Math.round(LEFT + ((along(x) - low) / (high - low || 1)) * (WIDTH - LEFT - RIGHT));
  const yOf = (y: number) => Math.round(HEIGHT - BOTTOM - (y / top) * (HEIGHT - TOP - BOTTOM));
  const grid = [0, 1, 2, 3, 4].map((n) => {
    const y = yOf(n * step);
    return `<path class="grid" d="M${LEFT} ${y}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${number(n * step)}</text>`;
  });
  const ticks = xs.map(
    (x) => `<text x="${xOf(x)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${number(x)}</text>`,
  );
  const labels = apart(series.map(({ points }) => yOf(points.at(-1)!.y)));
  const lines = series.map(({ name, points }, index) => {
    const colour = COLOURS[index % COLOURS.length]!;
    const path = points.map(({ x, y }, n) => `${n === 0 ? 'M' : 'L'}${xOf(x)} ${yOf(y)}`).join('');
    const dots = points.map(({ x, y }) => `<circle cx="${xOf(x)}" cy="${yOf(y)}" r="3.5" fill="${colour}"/>`).join('');
    const last = points.at(-1)!;
    return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}
  <text x="${xOf(last.x) + 8}" y="${labels[index]! + 4}" style="fill:${colour}">${name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="${title}">
  <style>${STYLE}</style>
  <text class="title" x="${LEFT}" y="18">${title}</text>
  ${[...grid, ...ticks, ...lines].join('\n  ')}
  <text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${xLabel}</text>
</svg>
`;
}

/** The same heights in the same order, none so near to the next that their labels would touch. */
function apart(heights: readonly number[]): number[] {
  const placed = [...heights];
  const order = heights.map((_, index) => index).toSorted((a, b) => heights[a]! - heights[b]!);
  order.forEach((index, n) => {
    if (n > 0) placed[index] = Math.max(placed[index]!, placed[order[n - 1]!]! + LINE);
  });
  return placed;
}

/** A quarter of the axis: 1, 2 or 5 and zeros. */
function niceStep(highest: number): number {
  const power = 10 ** Math.floor(Math.log10(highest / 4));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step * 4 >= highest)!;
}

function number(value: number): string {
  return value.toLocaleString('en').replaceAll(',', ' ');
}
