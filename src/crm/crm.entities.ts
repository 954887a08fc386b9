import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PERMISSIONS, type Locale, type Permission } from '../../modules';

/** What a user may do: the program's permissions, and the CRM's own one. */
export const CRM_PERMISSIONS = [...PERMISSIONS, 'crm.admin'] as const;
export type CrmPermission = Permission | 'crm.admin';

/** bigint columns arrive as text; every one of ours is checked to stay far inside the safe integers. */
const bigint = { from: Number, to: (value: number) => value };

@Entity({ schema: 'crm', name: 'user' })
@Index('user_email_key', { synchronize: false })
@Check(
  'user_permissions_known',
  `permissions <@ array['participate', 'viewAllPartners', 'manageBalances', 'inviteLevelZero', 'configure', 'crm.admin']`,
)
@Check('user_locale_known', `locale in ('pl', 'pt-BR', 'en')`)
export class User {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'user_pkey' }) id: string;
  @Column('text') email: string;
  @Column('text', { name: 'first_name' }) firstName: string;
  @Column('text', { name: 'last_name' }) lastName: string;
  @Column('text', { nullable: true }) phone: string | null;
  /** argon2id; read only where a login is checked. */
  @Column('text', { name: 'password_hash', select: false }) passwordHash: string;
  @Index('user_supervisor_idx')
  @ForeignKey(() => User, { name: 'user_supervisor_fkey' })
  @Column('uuid', { name: 'supervisor_id', nullable: true })
  supervisorId: string | null;
  @Column('text', { array: true, default: '{}' }) permissions: CrmPermission[];
  @Column('text', { nullable: true }) mailbox: string | null;
  @Column('text', { nullable: true }) locale: Locale | null;
  @Column('boolean', { default: true }) active: boolean;
  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'crm.now_ms()' }) createdAt: Date;
}

@Entity({ schema: 'crm', name: 'client' })
export class Client {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'client_pkey' }) id: string;
  @Column('text') name: string;
  @Column('text', { nullable: true }) email: string | null;
  @Column('text', { name: 'tax_id', nullable: true }) taxId: string | null;
  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'crm.now_ms()' }) createdAt: Date;
}

@Entity({ schema: 'crm', name: 'status' })
export class ContractStatus {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'status_pkey' }) key: string;
  @Column('text') label: string;
  @Column('integer') position: number;
}

@Entity({ schema: 'crm', name: 'contract' })
@Check('contract_value_in_range', '"value_minor" between 0 and 1000000000000')
@Check('contract_currency_code', `"currency" ~ '^[A-Z][A-Z0-9_]{1,11}$'`)
export class Contract {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'contract_pkey' }) id: string;
  @Index('contract_number_key', { unique: true }) @Column('text') number: string;
  @Index('contract_client_idx')
  @ForeignKey(() => Client, { name: 'contract_client_fkey' })
  @Column('uuid', { name: 'client_id' })
  clientId: string;
  @Index('contract_seller_idx')
  @ForeignKey(() => User, { name: 'contract_seller_fkey' })
  @Column('uuid', { name: 'seller_id' })
  sellerId: string;
  @Column('bigint', { name: 'value_minor', transformer: bigint }) valueMinor: number;
  @Column('text') currency: string;
  @Column('text', { nullable: true }) product: string | null;
  /** A partner's id or referral code: who referred it. */
  @Column('text', { name: 'referred_by', nullable: true }) referredBy: string | null;
  @Index('contract_status_idx')
  @ForeignKey(() => ContractStatus, { name: 'contract_status_fkey' })
  @Column('text', { default: 'draft' })
  status: string;
  /** Grows by one with every change of status, value, product or who referred it. */
  @Column('integer', { default: 1 }) version: number;
  @Column({ type: 'timestamptz', precision: 3, name: 'created_at', default: () => 'crm.now_ms()' }) createdAt: Date;
}
