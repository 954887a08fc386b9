import 'reflect-metadata';
import { accrual } from './measures/accrual';
import { accrualCpu } from './measures/accrual-cpu';
import { descendants } from './measures/descendants';
import { growth } from './measures/growth';
import type { GrowthPoint } from './measures/growth';
import { ledger } from './measures/ledger';
import { move } from './measures/move';
import { CHAIN, extremes, pages, searches, WIDTH } from './measures/pages';
import { preview } from './measures/preview';
import { queue } from './measures/queue';
import { simulation } from './measures/simulation';
import { statements } from './measures/statements';
import { told } from './measures/reported';
import { withdrawals } from './measures/withdrawals';
import { machineOf, writeReport } from './report';
import { openLab } from './support/lab';
import type { Lab } from './support/lab';
import type { Measure } from './support/rounds';
import { checkLedger, DEPTH, seed } from './support/seed';
import { beside, chains, evenTree, grownTree, star } from './support/tree';
import type { Sponsors } from './support/tree';

const PARTNERS = Number(process.env.BENCH_PARTNERS ?? 10_000);
const SCALE = Number(process.env.BENCH_SCALE ?? 1_000_000);

export type Result = Measure | GrowthPoint;

/** A program on a server of its own, and what is measured there, in this order. */
interface Setting {
  readonly what: string;
  readonly tree: () => Sponsors;
  readonly measures: Readonly<Record<string, (lab: Lab) => Promise<Result | readonly Result[]>>>;
}

const SETTINGS: readonly Setting[] = [
  {
    what: `${PARTNERS} partners`,
    tree: () => evenTree(PARTNERS, DEPTH),
    measures: {
      H1a: accrual,
      H1b: accrualCpu,
      H1c: told,
      H2: preview,
      H6: withdrawals,
      H7: statements,
      H8: ledger,
      // Last: it leaves past contracts behind.
      H5: simulation,
    },
  },
  {
    what: `${SCALE} partners`,
    tree: () => grownTree(SCALE),
    measures: { H3: pages, H3b: descendants, H4: move, search: searches, queue },
  },
  {
    what: `a chain of ${CHAIN} beside ${WIDTH} under one`,
    tree: () => beside(chains(CHAIN, CHAIN - 1), star(WIDTH + 1)),
    measures: { extremes },
  },
  ...[SCALE / 100, SCALE / 10, SCALE].map((partners) => growing(partners, DEPTH + 1, evenTree(partners, DEPTH))),
  ...[50, 300].map((depth) => growing(SCALE / 100, depth, chains(SCALE / 100, depth - 1))),
];

function growing(partners: number, depth: number, tree: Sponsors): Setting {
  return {
    what: `${partners} partners, ${depth} deep`,
    tree: () => tree,
    measures: { growth: (lab) => growth(lab, partners, depth) },
  };
}

/**
 * `npm run bench`, or `npm run bench -- --only H1a,H5`. One line of JSON a measure; what is going on, on stderr. With
 * `--report` the results go into docs/performance.md as well.
 */
async function main(args: readonly string[]): Promise<void> {
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1]?.split(',') : undefined;
  const results: Result[] = [];
  let machine: string | undefined;
  for (const { what, tree, measures } of SETTINGS) {
    const wanted = Object.entries(measures).filter(([id]) => !only || only.includes(id));
    if (wanted.length === 0) continue;
    console.error(`${what} …`);
    const lab = await openLab();
    try {
      machine ??= await machineOf(lab.owner);
      await seed(lab, tree());
      for (const [id, run] of wanted) {
        console.error(`${id} …`);
        for (const one of [await run(lab)].flat()) {
          console.log(JSON.stringify(one));
          results.push(one);
        }
        await checkLedger(lab.owner);
      }
      if (args.includes('--report')) writeReport(machine, results);
    } finally {
      await lab.close();
    }
  }
}

// The server goes with this process only when it ends by itself.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
