import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** One upload of the terms. The bytes never change; publishing it puts it in force. @see P6 */
@Entity({ schema: 'partner_program', name: 'terms_version' })
@Unique('terms_version_file_key', ['id', 'sha256'])
@Index('terms_version_in_force', { synchronize: false })
@Check('terms_version_size', 'octet_length(file) between 1 and 10485760')
@Check('terms_version_hash_true', `sha256 = encode(sha256(file), 'hex')`)
export class TermsVersion {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'terms_version_pkey' }) id: string;
  @Column({ type: 'integer', generated: 'identity', generatedIdentity: 'ALWAYS', insert: false, update: false })
  number: number;
  @Column('text') title: string;
  /** The PDF as uploaded; left out of every query that does not ask for it. */
  @Column('bytea', { select: false }) file: Buffer;
  @Column('text') sha256: string;
  @Column('boolean', { name: 'require_acceptance' }) requireAcceptance: boolean;
  @Column('text', { name: 'uploaded_by' }) uploadedBy: string;
  @Column({ type: 'timestamptz', name: 'uploaded_at', precision: 3, default: () => 'partner_program.now_ms()' })
  uploadedAt: Date;
  @Column({ type: 'timestamptz', name: 'published_at', precision: 3, nullable: true }) publishedAt: Date | null;
}
