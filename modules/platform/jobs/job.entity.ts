import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** Something that must be done once, written in the transaction that made it necessary. */
@Entity({ schema: 'partner_program', name: 'job' })
@Unique('job_key', ['key'])
@Index('job_waiting', ['kind', 'dueAt', 'id'], { where: `status = 'waiting'` })
@Index('job_dead', ['id'], { where: `status = 'dead'` })
@Check('job_status_known', `status in ('waiting', 'done', 'dead')`)
@Check('job_finished', `(finished_at is null) = (status = 'waiting')`)
export class Job {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'job_pkey' }) id: string;
  /** Says what it is about; a second job of the same key is not added. */
  @Column('text') key: string;
  @Column('text') kind: string;
  /** Outbound jobs of one queue are done few at a time, so that a slow one keeps no other queue waiting. */
  @Column('text', { nullable: true }) queue: string | null;
  @Column('jsonb') payload: unknown;
  @Column('text', { default: 'waiting' }) status: 'waiting' | 'done' | 'dead';
  @Column({ type: 'timestamptz', name: 'due_at', precision: 3, default: () => 'partner_program.now_ms()' }) dueAt: Date;
  @Column('integer', { default: 0 }) attempts: number;
  @Column('text', { name: 'last_error', nullable: true }) lastError: string | null;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'partner_program.now_ms()' })
  createdAt: Date;
  @Column({ type: 'timestamptz', name: 'finished_at', precision: 3, nullable: true }) finishedAt: Date | null;
}
