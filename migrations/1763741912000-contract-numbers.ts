import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The number by which people call a contract is kept as it was told, so that a history can name its contracts. */
export class ContractNumbers1763741912000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table partner_program.contract_event add column number text`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`alter table partner_program.contract_event drop column number`);
  }
}
