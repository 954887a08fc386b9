import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The development mailbox also shows what a mail carries besides its text. */
export class CrmMailHeaders1763700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table crm.mail add headers jsonb not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table crm.mail drop headers');
  }
}
