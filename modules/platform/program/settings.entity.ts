import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import { ATTRIBUTION_SOURCES } from '../../kernel/attribution-source';
import type { AttributionSource } from '../../kernel/attribution-source';
import { LOCALE_KNOWN } from '../../kernel/locale';
import type { Locale } from '../../kernel/locale';
import type { Currency } from '../../kernel/money';
import { UNIT_CODE } from '../../kernel/units';

/** What holds in the program: one row. The options only begin it; a holder of `configure` changes it. */
@Entity({ schema: 'partner_program', name: 'settings' })
@Check('settings_single_row', 'id')
@Check('settings_currency_form', `currency ~ '${UNIT_CODE.source}'`)
@Check(
  'settings_attribution_order',
  `attribution_order <@ '{contract,clientLink,seller}' and cardinality(attribution_order) > 0 and cardinality(attribution_order)
   = ('contract' = any (attribution_order))::integer + ('clientLink' = any (attribution_order))::integer
   + ('seller' = any (attribution_order))::integer`,
)
@Check('settings_locale_known', LOCALE_KNOWN)
@Check('settings_time_zone_form', `time_zone ~ '^[A-Za-z][A-Za-z0-9_+/-]{0,99}$'`)
export class Settings {
  @PrimaryColumn('boolean', { default: true, primaryKeyConstraintName: 'settings_pkey' }) id: boolean;
  /** The unit of the program's own wallets, and of forms that name none. */
  @Column('text') currency: Currency;
  /** The language of everybody who has named none. */
  @Column('text') locale: Locale;
  /** Where days and months begin and end for its readers, by an IANA name; stored moments do not depend on it. */
  @Column('text', { name: 'time_zone' }) timeZone: string;
  /** Whether terms that ask for acceptance again must be accepted before the next withdrawal. */
  @Column('boolean', { name: 'require_acceptance', default: true }) requireAcceptance: boolean;
  /** Whether a withdrawal of money can be asked for, and paid, only to an account that the partner has given. @see P23 */
  @Column('boolean', { name: 'require_payout_account', default: true }) requirePayoutAccount: boolean;
  /** Where it is looked for who brought a contract, the strongest source first. */
  @Column('text', { name: 'attribution_order', array: true, default: [...ATTRIBUTION_SOURCES] })
  attributionOrder: AttributionSource[];
}
