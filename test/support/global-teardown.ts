import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { DataSource } from 'typeorm';
import { testCluster } from './cluster';
import { Build } from './processes';

declare global {
  /** The process that keeps this run's server. */
  var testServer: ChildProcess | undefined;
}

export default async function teardown(): Promise<void> {
  Build.removeAll();
  if (globalThis.testServer) {
    const exit = once(globalThis.testServer, 'exit');
    globalThis.testServer.ref(); // or nothing is left to wait for, and Node ends before Jest has told its results
    globalThis.testServer.stdin?.end();
    await exit;
    return;
  }
  const { ownerUrl, name } = testCluster();
  const owner = await new DataSource({ type: 'postgres', url: ownerUrl }).initialize();
  const databases = await owner.query<{ datname: string }[]>('select datname from pg_database where datname like $1', [
    `${name.replaceAll('_', '\\_')}%`,
  ]);
  for (const { datname } of databases) await owner.query(`drop database ${datname} with (force)`);
  await owner.query(`drop role ${name}`);
  await owner.destroy();
}
