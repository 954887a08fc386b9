import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A request that was answered, and with what; written in the transaction of its effect. @see F2 F45 */
@Entity({ schema: 'partner_program', name: 'idempotency_key' })
export class IdempotencyKey {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_key_pkey' }) actor: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_key_pkey' }) route: string;
  @PrimaryColumn('text', { primaryKeyConstraintName: 'idempotency_key_pkey' }) key: string;
  @Column('text', { name: 'body_hash' }) bodyHash: string;
  /** JSON, kept character by character. */
  @Column('json', { nullable: true }) answer: object | null;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'partner_program.now_ms()' })
  createdAt: Date;
}
