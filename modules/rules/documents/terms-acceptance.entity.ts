import { Check, Column, Entity, ForeignKey, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { LOCALE_KNOWN } from '../../kernel/locale';
import { TermsVersion } from './terms-version.entity';

/** Who accepted which bytes, when, from where and in which language. Kept for good. @see P6 */
@Entity({ schema: 'partner_program', name: 'terms_acceptance' })
@Check('terms_acceptance_locale_known', LOCALE_KNOWN)
@Unique('terms_acceptance_once', ['partnerId', 'termsVersionId'])
@ForeignKey(() => TermsVersion, ['termsVersionId', 'sha256'], ['id', 'sha256'], {
  name: 'terms_acceptance_version_fkey',
})
export class TermsAcceptance {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'terms_acceptance_pkey' }) id: string;
  @ForeignKey('Partner', { name: 'terms_acceptance_partner_fkey' })
  @Column('uuid', { name: 'partner_id' })
  partnerId: string;
  @Column('uuid', { name: 'terms_version_id' }) termsVersionId: string;
  @Column('text') sha256: string;
  @Column({ type: 'timestamptz', name: 'accepted_at', precision: 3, default: () => 'partner_program.now_ms()' })
  acceptedAt: Date;
  @Column('inet', { nullable: true }) ip: string | null;
  @Column('text') locale: string;
}
