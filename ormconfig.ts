import { DataSource } from 'typeorm';
import { partnerProgramMigrations } from './migrations';
import { loadEnvFile } from './src/config';

loadEnvFile();

/**
 * The module's migrations for the TypeORM command line, as their owner:
 * `npm run build && npx typeorm migration:show -d dist/ormconfig.js`.
 */
export default new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_OWNER_URL || process.env.DATABASE_URL,
  schema: 'partner_program',
  migrations: partnerProgramMigrations,
  migrationsTableName: 'migration',
  migrationsTransactionMode: 'all',
});
