import type { MigrationInterface, QueryRunner } from 'typeorm';
import { GRANT_ACCESS } from './grant-access';

/** What the application's role may do. */
export class Rights1764547200017 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ${GRANT_ACCESS}
      revoke execute on function partner_program.grant_access from public;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop function partner_program.grant_access`);
  }
}
