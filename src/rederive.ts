import 'reflect-metadata';
import { RederivationService } from '../modules';
import { loadEnvFile, readConfig } from './config';
import { createApp } from './create-app';
import { openDatabase } from './database/open-database';

/**
 * `npm run rederive`: derives every commission again from what is stored and lists what differs; exit code 1 when
 * something does. With `--json` one line of JSON for each difference.
 */
async function main(json: boolean): Promise<boolean> {
  loadEnvFile();
  const config = readConfig(process.env);
  const database = await openDatabase(config);
  try {
    const app = await createApp({ ...config, databaseUrl: database.url, worker: false });
    try {
      await app.init();
      return await rederive(app.get(RederivationService), json);
    } finally {
      await app.close();
    }
  } finally {
    await database.close();
  }
}

async function rederive(rederivation: RederivationService, json: boolean): Promise<boolean> {
  let [contracts, found] = [0, 0];
  for await (const batch of rederivation.batches()) {
    contracts += batch.contracts;
    found += batch.differences.length;
    for (const one of batch.differences) {
      const { contractId, eventVersion, level, field, stored, derived } = one;
      const place = `${contractId} version ${eventVersion}${level === null ? '' : ` level ${level}`}`;
      console.log(json ? JSON.stringify(one) : `${place}: ${field} is ${stored}, derived ${derived}`);
    }
    console.error(`${contracts} contracts, ${found} differences`);
  }
  if (contracts === 0) console.error('There is no contract to derive again.');
  return found === 0;
}

main(process.argv.includes('--json')).then(
  (ok) => process.exit(ok ? 0 : 1),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
