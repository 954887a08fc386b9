import 'reflect-metadata';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createProbe, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';
import { TestClock } from '../modules';
import { loadEnvFile, readConfig, type Config } from './config';
import { createApp } from './create-app';
import { MovableClock } from './crm/clock.controller';
import { beginningOf, DEMO_PASSWORD, seedDemo, type Login } from './crm/seed';
import { migrate } from './database/migrate';
import { openDatabase } from './database/open-database';
import { StartError } from './start-error';

/** npm passes on the Ctrl-C that the terminal has already sent: what comes this soon is the same one. */
const SAME_SIGNAL_MS = 1_000;

/** What is open, in the order of its opening; closed in the reverse one. */
const open: { close(): Promise<unknown> }[] = [];
let stoppedAt: number | undefined;

async function main(): Promise<void> {
  loadEnvFile();
  const config = readConfig(process.env);
  stopOnSignals();

  const database = await openDatabase(config);
  open.push(database);
  await checkPort(config.port);
  if (config.migrate) await migrate(database.ownerUrl, database.appRole);
  const app = await createApp({ ...config, databaseUrl: database.url });
  open.push(app);
  const logins = config.production ? [] : await tellDemo(app, config, database.ownerUrl);
  await app.listen(config.port);
  if (config.logFormat === 'json') new Logger('Start').log(`Listening at ${config.publicUrl}, port ${config.port}`);
  else console.log(welcome(config, database.description, logins));
}

/** The demo is told before anybody else can ask for anything: its time runs from the past to now. */
async function tellDemo(app: NestExpressApplication, config: Config, ownerUrl: string): Promise<Login[]> {
  const owner = await new DataSource({ type: 'postgres', url: ownerUrl, poolSize: 1 }).initialize();
  open.push({ close: () => owner.destroy() });
  const clock = new TestClock(app, owner, ['crm.now_ms']);
  app.get(MovableClock).use(clock);
  const [program] = await owner.query<{ fresh: boolean }[]>(
    `select not exists (select from partner_program.settings) as fresh`,
  );
  const { fresh } = program!;
  if (fresh) await clock.begin(beginningOf(config.testClock ?? new Date()));
  else await clock.resume();
  await app.init();
  const door = createServer(app.getHttpAdapter().getInstance() as RequestListener).listen(0, '127.0.0.1');
  await once(door, 'listening');
  const { logins } = await seedDemo(
    `http://127.0.0.1:${(door.address() as AddressInfo).port}`,
    app.get(DataSource),
    clock,
  );
  door.closeAllConnections();
  await promisify(door.close.bind(door))();
  if (fresh && config.testClock) await clock.leapTo(config.testClock);
  if (!config.testClock && clock.now() < new Date()) await clock.end();
  return logins;
}

/** Looked at before the application is made, which would only be torn down again. */
async function checkPort(port: number): Promise<void> {
  const probe = createProbe().listen(port);
  try {
    await once(probe, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'another program listens there' : message;
    throw new StartError(`The program cannot listen on port ${port} (${why}): set PORT to a free one.`);
  }
  await promisify(probe.close.bind(probe))();
}

function welcome({ publicUrl }: Config, data: string, logins: readonly Login[]): string {
  const width = Math.max(...logins.map(({ email }) => email.length));
  const accounts = logins.map(({ email, role }) => `    ${email.padEnd(width)}  ${role}`);
  return [
    '',
    `  The CRM with its partner program runs at ${publicUrl}`,
    ...(accounts.length > 0 ? ['', `  Log in with the password "${DEMO_PASSWORD}" as`, ...accounts] : []),
    '',
    `  Its data lie in ${data}. Ctrl-C stops it.`,
    '',
  ].join('\n');
}

/** The application first: requests under way and the worker's batch still need the database. */
async function close(): Promise<void> {
  for (let last = open.pop(); last; last = open.pop()) await last.close();
}

function stopOnSignals(): void {
  const stop = (): void => {
    if (stoppedAt !== undefined && Date.now() - stoppedAt > SAME_SIGNAL_MS) process.exit(130);
    if (stoppedAt !== undefined) return;
    stoppedAt = Date.now();
    close().then(() => process.exit(0), fail);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

/** One sentence for what a person can mend; the stack only for whoever asks for it. */
function fail(error: unknown): void {
  console.error(process.env.LOG_LEVEL === 'debug' ? error : error instanceof Error ? error.message : String(error));
  process.exit(1);
}

main().catch((error: unknown) => {
  if (stoppedAt !== undefined) return; // the start was cut short
  close()
    .finally(() => fail(error))
    .catch(fail);
});
