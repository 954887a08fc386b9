import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { LOCALE_KNOWN } from '../../kernel/locale';
import type { Locale } from '../../kernel/locale';

const MOMENT = { type: 'timestamptz', precision: 3 } as const;

/** A partner asked one address to join. What became of it follows from its dates. @see P8 P10 */
@Entity({ schema: 'partner_program', name: 'invitation' })
@Unique('invitation_registered_once', ['registeredPartnerId'])
@Index('invitation_inviter', ['inviterId', 'id'])
@Index('invitation_email', { synchronize: false })
@Index('invitation_expiry', ['expiresAt'], { where: 'registered_at is null' })
@Check('invitation_sender_known', `sent_from in ('own', 'program')`)
@Check('invitation_own_sender', `(sent_from = 'own') = (sent_from_address is not null)`)
@Check('invitation_one_address', `email ~ '^[!-~]+@[!-~]+$' and length(email) <= 254`)
@Check('invitation_locale_known', LOCALE_KNOWN)
@Check('invitation_registered', '(registered_at is null) = (registered_partner_id is null)')
@Check('invitation_one_end', 'registered_at is null or revoked_at is null')
export class Invitation {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'invitation_pkey' }) id: string;
  @ForeignKey('Partner', { name: 'invitation_inviter_fkey' })
  @Column('uuid', { name: 'inviter_id' })
  inviterId: string;
  /** The only address that can register with it. */
  @Column('text') email: string;
  @Column('text', { name: 'first_name' }) firstName: string;
  @Column('text', { name: 'last_name' }) lastName: string;
  @Column('text', { nullable: true }) phone: string | null;
  /** Plain text with placeholders. */
  @Column('text') subject: string;
  @Column('text') body: string;
  /** Whether the invited person will stand at the top, with nobody above. */
  @Column('boolean', { name: 'level_zero' }) levelZero: boolean;
  @Column('text', { name: 'sent_from' }) sentFrom: 'own' | 'program';
  /** The inviter's own mailbox; null for the program's. */
  @Column('text', { name: 'sent_from_address', nullable: true }) sentFromAddress: string | null;
  /** The inviter's language, which the mail's own words are in. */
  @Column('text') locale: Locale;
  @Column({ ...MOMENT, name: 'expires_at' }) expiresAt: Date;
  @Column({ ...MOMENT, name: 'created_at', default: () => 'partner_program.now_ms()' }) createdAt: Date;
  /** When it was sent last. */
  @Column({ ...MOMENT, name: 'sent_at', default: () => 'partner_program.now_ms()' }) sentAt: Date;
  /** When the host took the mail. */
  @Column({ ...MOMENT, name: 'delivered_at', nullable: true }) deliveredAt: Date | null;
  /** When the last attempt to deliver it failed, if it did. */
  @Column({ ...MOMENT, name: 'bounced_at', nullable: true }) bouncedAt: Date | null;
  @Column({ ...MOMENT, name: 'opened_at', nullable: true }) openedAt: Date | null;
  @Column({ ...MOMENT, name: 'registered_at', nullable: true }) registeredAt: Date | null;
  @ForeignKey('Partner', { name: 'invitation_registered_fkey' })
  @Column('uuid', { name: 'registered_partner_id', nullable: true })
  registeredPartnerId: string | null;
  @Column({ ...MOMENT, name: 'revoked_at', nullable: true }) revokedAt: Date | null;
}
