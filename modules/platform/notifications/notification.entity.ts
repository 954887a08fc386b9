import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Money } from '../../kernel/money';
import type { NotificationKind } from './facts';

/** Something a partner is notified of. What happened stands where it happened; here is only that somebody is notified, and who. */
@Entity({ schema: 'partner_program', name: 'notification' })
@Unique('notification_once', ['partnerId', 'kind', 'about'])
@Index('notification_shown', ['partnerId', 'id'], { where: 'shown' })
@Index('notification_old', ['createdAt'], { where: `kind <> 'newPartner'` })
@Check('notification_kind_known', `kind in ('commission', 'withdrawal', 'newPartner', 'terms')`)
@Check(
  'notification_of_commissions',
  `num_nonnulls(amounts, contracts) = case kind when 'commission' then 2 else 0 end`,
)
export class Notification {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'notification_pkey' }) id: string;
  @ForeignKey('Partner', { name: 'notification_partner_fkey' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  @Column('text') kind: NotificationKind;
  /** The id of the withdrawal, the new partner or the published version of the terms; of commissions the last one. */
  @Column('text') about: string;
  /** Of gathered commissions: what they come to in each currency, and of how many contracts. */
  @Column('jsonb', { nullable: true }) amounts: Money[] | null;
  @Column('integer', { nullable: true }) contracts: number | null;
  /** Whether it stands in the portal: as the partner wished when it happened. */
  @Column('boolean') shown: boolean;
  @Column({ type: 'timestamptz', name: 'created_at', precision: 3, default: () => 'partner_program.now_ms()' })
  createdAt: Date;
}
