import type { MigrationInterface, QueryRunner } from 'typeorm';
import { GRANT_ACCESS } from './grant-access';

/** The rights on the tables of webhooks, notifications and contract numbers, for databases that had `grant_access` before them. */
export class Rights1763741913000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(GRANT_ACCESS);
  }

  async down(): Promise<void> {
    // It names tables that may be gone, which does no harm.
  }
}
