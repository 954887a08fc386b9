import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver';

/**
 * Has every new connection of a pool heard for as long as it lives. Between the pool, which stops listening when it hands a
 * connection out, and TypeORM, which listens a moment later, nobody would hear that PostgreSQL has gone, and Node ends a
 * program with an error that nobody hears. Whoever asks on such a connection is told by the question.
 *
 * @see F3 F4
 */
export function hearLostConnections(db: DataSource): void {
  const pool = (db.driver as PostgresDriver).master as Pool;
  pool.on('connect', (client) => client.on('error', () => undefined));
}
