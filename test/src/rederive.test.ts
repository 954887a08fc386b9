import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { JobWorker } from '../../modules/jobs/worker.service';
import { bootApp } from '../support/app';
import { freshDatabase } from '../support/database';
import { Office } from '../support/program';

const ROOT = join(__dirname, '../..');

/** `npm run rederive` in a process of its own. */
function rederive(databaseUrl: string, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = ['-r', join(ROOT, 'test/support/compile.js'), join(ROOT, 'src/rederive.ts'), ...args];
  const env = { ...process.env, DATABASE_URL: databaseUrl, NODE_ENV: 'test' };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env, cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

it('[Q3] the command derives everything again and fails when something differs', async () => {
  const database = await freshDatabase();
  const app = await bootApp({ database, worker: false });
  try {
    const office = await Office.open(app);
    await office.levels(1_000);
    const contractId = await office.contract(await office.member(), 100_00);
    await office.status(contractId, 'signed');
    await app.nest.get(JobWorker).drain();

    const sound = await rederive(database.url);
    expect(sound).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('1 contracts, 0 differences') });

    const tamper = (minor: number) =>
      app.owner.transaction(async (tx) => {
        await tx.query('set local session_replication_role = replica');
        await tx.query('update partner_program.commission_line set amount_minor = $1', [minor]);
      });
    await tamper(900);
    const { code, stdout } = await rederive(database.url, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      contractId,
      eventVersion: 2,
      field: 'amountMinor',
      stored: 900,
      derived: 1000,
    });
    await tamper(1000);
  } finally {
    await app.close();
    await database.drop();
  }
}, 60_000);
