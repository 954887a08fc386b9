import 'reflect-metadata';
import { accrual } from './measures/accrual';
import { accrualCpu } from './measures/accrual-cpu';
import { ledger } from './measures/ledger';
import { preview } from './measures/preview';
import { simulation } from './measures/simulation';
import { told } from './measures/told';
import { openLab } from './support/lab';
import type { Lab } from './support/lab';
import type { Measure } from './support/rounds';
import { checkLedger, seed } from './support/seed';

const MEASURES: Readonly<Record<string, (lab: Lab) => Promise<Measure | readonly Measure[]>>> = {
  H1a: accrual,
  H1b: accrualCpu,
  H1c: told,
  H2: preview,
  H8: ledger,
  // Last: it leaves past contracts behind.
  H5: simulation,
};

const PARTNERS = Number(process.env.BENCH_PARTNERS ?? 10_000);

/** `npm run bench`, or `npm run bench -- --only H1a,H5`. One line of JSON a measure; what is going on, on stderr. */
async function main(args: readonly string[]): Promise<void> {
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1]?.split(',') : undefined;
  const lab = await openLab();
  try {
    console.error(`${PARTNERS} partners …`);
    await seed(lab, PARTNERS);
    for (const [id, run] of Object.entries(MEASURES)) {
      if (only && !only.some((wanted) => id.split('+').includes(wanted))) continue;
      console.error(`${id} …`);
      const measures = [await run(lab)].flat();
      for (const one of measures) console.log(JSON.stringify(one));
      await checkLedger(lab.owner);
    }
  } finally {
    await lab.close();
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
