import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { SimulationService } from '../modules';
import type { SimulationReport } from '../modules';
import { loadEnvFile, readConfig } from './config';
import { createApp } from './create-app';
import { openDatabase } from './database/open-database';

/**
 * `npm run simulate -- --plan <version id> --from 2026-01-01 --to 2026-04-01`: what the contracts of a time cost, and
 * what they would have cost under a plan version. Progress goes to stderr; `--json` answers the whole report.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      plan: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const { plan, json } = values;
  const [from, to] = [values.from, values.to].map((text) => new Date(text ?? ''));
  if (!plan || !from || !to || Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) {
    throw new Error(
      'Say which version and which time: npm run simulate -- --plan <id> --from 2026-01-01 --to 2026-04-01',
    );
  }
  loadEnvFile();
  const config = readConfig(process.env);
  const database = await openDatabase(config);
  try {
    const app = await createApp({ ...config, databaseUrl: database.url, worker: false });
    try {
      await app.init();
      const report = await app.get(SimulationService).simulate(plan, { from, to }, (accruals) => {
        console.error(`${accruals} accruals`);
      });
      console.log(json ? JSON.stringify(report) : summary(report));
    } finally {
      await app.close();
    }
  } finally {
    await database.close();
  }
}

function summary({ currency, contracts, totalBeforeMinor, totalAfterMinor, partners }: SimulationReport): string {
  const money = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = money.resolvedOptions().maximumFractionDigits ?? 2;
  const amount = (minor: number): string => money.format(minor / 10 ** digits);
  return [
    `${contracts} contracts: ${amount(totalBeforeMinor)} before, ${amount(totalAfterMinor)} after`,
    ...partners.slice(0, 20).map(({ name, beforeMinor, afterMinor }) => {
      return `  ${name}: ${amount(beforeMinor)} before, ${amount(afterMinor)} after`;
    }),
  ].join('\n');
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
