import { DataSource } from 'typeorm';
import { DEMO_PASSWORD, ensureAdministrator } from '../../src/crm/seed';
import { migrate } from '../../src/database/migrate';
import { startThrowAwayServer, templateOf, withDatabase, type TestCluster } from './cluster';
import { quickHash } from './quick-hash';

/**
 * One throw-away server a run, or the one of TEST_DATABASE_URL (a superuser's address), with one migrated
 * template: every test file works on a copy of it, and nothing of a run is left behind.
 */
export default async function setup(): Promise<void> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given ? undefined : await startThrowAwayServer();
  globalThis.testServer = server?.process;
  const cluster: TestCluster = {
    ownerUrl: given ?? server?.ownerUrl ?? '',
    name: `partner_program_test_${process.pid}`,
  };
  process.env.TEST_CLUSTER = JSON.stringify(cluster);

  const owner = await new DataSource({ type: 'postgres', url: cluster.ownerUrl }).initialize();
  await owner.query(`create role ${cluster.name} login password '${cluster.name}'`);
  await owner.query(`create database ${templateOf(cluster)}`);
  await owner.destroy();

  const templateUrl = withDatabase(cluster.ownerUrl, templateOf(cluster));
  await migrate(templateUrl, cluster.name);
  await addAdministrator(templateUrl);
}

async function addAdministrator(url: string): Promise<void> {
  const db = await new DataSource({ type: 'postgres', url }).initialize();
  await ensureAdministrator(db);
  await db.query('update crm."user" set password_hash = $1', [quickHash(DEMO_PASSWORD)]);
  await db.destroy();
}
