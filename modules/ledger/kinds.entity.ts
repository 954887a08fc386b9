import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** What can hold accounts: `partner`, `program`, and what an optional module adds. */
@Entity({ schema: 'partner_program', name: 'holder_kind' })
export class HolderKind {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'holder_kind_pkey' }) kind: string;
}

/** The accounts that a kind of holder can have. Every room adds those that it posts to. */
@Entity({ schema: 'partner_program', name: 'account_kind' })
@Unique('account_kind_key', ['kind', 'holderKind', 'keepsBalance'])
export class AccountKind {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'account_kind_pkey' }) kind: string;
  @ForeignKey(() => HolderKind, { name: 'account_kind_holder_kind_fkey' })
  @PrimaryColumn('text', { name: 'holder_kind', primaryKeyConstraintName: 'account_kind_pkey' })
  holderKind: string;
  /** Without, an account is summed when asked: one that every posting touches would be a queue. */
  @Column('boolean', { name: 'keeps_balance' }) keepsBalance: boolean;
}

/** What a posting or one of its moves is for, and what the books allow it. Every room adds those that it posts. */
@Entity({ schema: 'partner_program', name: 'posting_kind' })
@Unique('posting_kind_key', ['kind', 'mayOverdraw'])
export class KindOfPosting {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'posting_kind_pkey' }) kind: string;
  @Column('boolean', { name: 'may_overdraw', default: false }) mayOverdraw: boolean;
  @Column('boolean', { name: 'needs_reason', default: false }) needsReason: boolean;
}
