import { CpuMeter } from './cpu';
import type { Lab } from './lab';

/** One measure with its figure and its floor or peer, as printed: one line of JSON. */
export interface Measure {
  readonly id: string;
  /** The median of the rounds. */
  readonly figure: number;
  readonly floor: number;
  /** The median of the rounds' own ratios: a slow moment of the machine slows both sides of a round. */
  readonly ratio: number;
  readonly rounds: readonly { readonly figure: number; readonly floor: number; readonly ratio: number }[];
  readonly unit: string;
  readonly reach: string;
  readonly ok: boolean;
}

export interface Plan {
  readonly id: string;
  readonly unit: string;
  /** What the ratio has to reach. `peer / figure` turns it round: how many times the peer costs as much. */
  readonly reach: { readonly atLeast: number } | { readonly atMost: number };
  readonly ratio?: 'figure / floor' | 'peer / figure';
  figure(): Promise<number>;
  floor(): Promise<number>;
}

export const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

/** Runs both sides in turn, the one that begins changing with every round, after a round that does not count. */
export async function measure(plan: Plan): Promise<Measure> {
  await plan.figure();
  await plan.floor();
  const rounds: Measure['rounds'][number][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const first = round % 2 === 0 ? await plan.figure() : 0;
    const floor = await plan.floor();
    const figure = round % 2 === 0 ? first : await plan.figure();
    rounds.push({ figure: rounded(figure), floor: rounded(floor), ratio: ratioOf(plan, figure, floor) });
  }
  const ratio = median(rounds.map((round) => round.ratio));
  return {
    id: plan.id,
    figure: median(rounds.map(({ figure }) => figure)),
    floor: median(rounds.map(({ floor }) => floor)),
    ratio,
    rounds,
    unit: plan.unit,
    reach: 'atLeast' in plan.reach ? `>= ${plan.reach.atLeast}` : `<= ${plan.reach.atMost}`,
    ok: 'atLeast' in plan.reach ? ratio >= plan.reach.atLeast : ratio <= plan.reach.atMost,
  };
}

function ratioOf(plan: Plan, figure: number, floor: number): number {
  return rounded(plan.ratio === 'peer / figure' ? floor / figure : figure / floor);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : rounded((sorted[middle - 1]! + sorted[middle]!) / 2);
}

/** Three significant digits: no measure here has more. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

const SLICE_MS = 800;

/** What a piece of work costs this process and the server in CPU, repeated one after the other; µs. */
export async function costOf({ cpu }: Lab, work: () => Promise<unknown>): Promise<number> {
  const before = cpu.read();
  let done = 0;
  for (const start = performance.now(); performance.now() - start < SLICE_MS; done += 1) await work();
  return CpuMeter.between(before, cpu.read()) / done;
}

/** How long a piece of work takes, done once or, when it is short, as often as a slice allows; ms. */
export async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let done = 0;
  for (; done === 0 || performance.now() - start < SLICE_MS; done += 1) await work();
  return (performance.now() - start) / done;
}

/** Repeats work by a number of workers side by side for a time. @returns how often it was done per second */
export async function perSecond(
  workers: number,
  forMs: number,
  work: (worker: number, turn: number) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  let done = 0;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      for (let turn = 0; performance.now() - start < forMs; turn += 1) {
        await work(worker, turn);
        done += 1;
      }
    }),
  );
  return (done * 1_000) / (performance.now() - start);
}
