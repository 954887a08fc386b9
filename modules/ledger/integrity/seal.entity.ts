import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Binds ledger transactions and all seals before it by hashes: whatever changes later no longer matches. @see L3 */
@Entity({ schema: 'partner_program', name: 'seal' })
@Check('seal_number_positive', 'number >= 1')
@Check('seal_not_empty', 'cardinality(transaction_ids) >= 1')
@Check('seal_digests_match', 'octet_length(digests) = 32 * cardinality(transaction_ids)')
@Check('seal_hash_true', 'hash = sha256(previous_hash || digests)')
export class Seal {
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'seal_pkey' }) number: string;
  @Column('bigint', { name: 'transaction_ids', array: true }) transactionIds: string[];
  /** 32 bytes for each transaction. */
  @Column('bytea') digests: Buffer;
  /** Empty before the first. */
  @Column('bytea', { name: 'previous_hash' }) previousHash: Buffer;
  @Column('bytea') hash: Buffer;
  /** The highest id sealed so far. */
  @Column('bigint', { name: 'upto_id' }) uptoId: string;
  /** Up to this id everything that will ever be committed is sealed. */
  @Column('bigint', { name: 'settled_id' }) settledId: string;
  /** The first number of the database's own transactions that was not given out then. */
  @Column('bigint', { name: 'began_before' }) beganBefore: string;
  @Column({ type: 'timestamptz', name: 'sealed_at', precision: 3, default: () => 'partner_program.now_ms()' })
  sealedAt: Date;
}
