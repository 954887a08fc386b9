import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Scope } from '../web/access/scopes';

/** What lets another system in by its scopes. A revoked one stays, so that what it did keeps its name. */
@Entity({ schema: 'partner_program', name: 'api_key' })
@Unique('api_key_hash_key', ['keyHash'])
@Check('api_key_name_length', 'length(name) between 1 and 100')
@Check(
  'api_key_scopes_known',
  `cardinality(scopes) > 0 and scopes <@ array['viewAllPartners:read', 'manageBalances:read', 'manageBalances:write',
   'inviteLevelZero:read', 'inviteLevelZero:write', 'configure:read', 'configure:write']`,
)
@Check('api_key_expires_later', 'expires_at > created_at')
export class ApiKey {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'api_key_pkey' }) id: string;
  @Column('text') name: string;
  @Column('text', { array: true }) scopes: Scope[];
  /** The SHA-256 of the key; the key itself is shown once and kept nowhere. */
  @Column('text', { name: 'key_hash', select: false }) keyHash: string;
  /** Its last characters, by which people tell keys apart. */
  @Column('text') hint: string;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'partner_program.now_ms()' })
  createdAt: Date;
  @Column('text', { name: 'created_by' }) createdBy: string;
  @Column('text', { name: 'created_by_name' }) createdByName: string;
  @Column({ type: 'timestamptz', name: 'expires_at', precision: 3, nullable: true }) expiresAt: Date | null;
  /** To the minute. */
  @Column({ type: 'timestamptz', name: 'last_used_at', precision: 3, nullable: true }) lastUsedAt: Date | null;
  @Column({ type: 'timestamptz', name: 'revoked_at', precision: 3, nullable: true }) revokedAt: Date | null;
}
