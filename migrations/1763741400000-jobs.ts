import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One table is inbox, outbox and queue: a job is written in the transaction that makes it necessary. */
export class Jobs1763741400000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table partner_program.job (
        id bigint generated always as identity,
        key text not null,
        kind text not null,
        payload jsonb not null,
        status text not null default 'waiting',
        due_at timestamptz(3) not null default partner_program.now_ms(),
        attempts integer not null default 0,
        last_error text,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        finished_at timestamptz(3),
        constraint job_pkey primary key (id),
        constraint job_key unique (key),
        constraint job_status_known check (status in ('waiting', 'done', 'dead')),
        constraint job_finished check ((finished_at is null) = (status = 'waiting'))
      );
      create index job_waiting on partner_program.job (kind, due_at, id) where status = 'waiting';
      create index job_dead on partner_program.job (id) where status = 'dead';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table partner_program.job`);
  }
}
