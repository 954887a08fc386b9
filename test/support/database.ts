import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { templateOf, testCluster, withDatabase } from './cluster';

export interface FreshDatabase {
  /** As the application's role, which owns nothing. */
  readonly url: string;
  /** As the superuser that owns everything. */
  readonly ownerUrl: string;
  drop(): Promise<void>;
}

/** A migrated database of the test's own, with nothing in it but the CRM's administrator. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const cluster = testCluster();
  const database = `${cluster.name}_${randomBytes(6).toString('hex')}`;
  await onServer(cluster.ownerUrl, `create database ${database} template ${templateOf(cluster)} strategy file_copy`);
  const ownerUrl = withDatabase(cluster.ownerUrl, database);
  const url = new URL(ownerUrl);
  url.username = url.password = cluster.name;
  return { url: url.href, ownerUrl, drop: () => onServer(cluster.ownerUrl, `drop database ${database} with (force)`) };
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
