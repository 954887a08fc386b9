import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Work to be done after a commit, answers to be repeated, and how often somebody may try. */
export class Jobs1764547200009 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- One table is inbox, outbox and queue: a job is written in the transaction that makes it necessary. Jobs of a named
      -- queue are done few at a time, whatever else is due.
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
        queue text,
        constraint job_pkey primary key (id),
        constraint job_key unique (key),
        constraint job_status_known check (status in ('waiting', 'done', 'dead')),
        constraint job_finished check ((finished_at is null) = (status = 'waiting'))
      );

      create index job_waiting on partner_program.job (kind, due_at, id) where status = 'waiting';
      create index job_dead on partner_program.job (id) where status = 'dead';

      -- The answer is text in JSON, kept as it was sent.
      create table partner_program.idempotency_key (
        actor text not null,
        route text not null,
        key text not null,
        body_hash text not null,
        answer json,
        created_at timestamptz(3) not null default partner_program.now_ms(),
        constraint idempotency_key_pkey primary key (actor, route, key)
      );

      -- How far ahead of now somebody has used up what a limit allows.
      create table partner_program.throttle (
        key text not null,
        spent_until timestamptz(3) not null,
        constraint throttle_pkey primary key (key)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table partner_program.throttle;
      drop table partner_program.idempotency_key;
      drop table partner_program.job;
    `);
  }
}
