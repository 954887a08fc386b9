import { inCatalogueOrder } from '../ledger/integrity/integrity-check';
import { LEDGER_CHECKS } from '../ledger/integrity/integrity-checks';
import { COMMISSION_CHECKS } from '../money/commissions/integrity-checks';
import { REDEMPTION_CHECKS } from '../money/redemptions/integrity-checks';
import { PARTNER_CHECKS } from '../people/partners/integrity-checks';

/** What the rooms register in a running program, for those who have only the database; a test compares the two. */
export const INTEGRITY_CHECKS = inCatalogueOrder([
  ...LEDGER_CHECKS,
  ...COMMISSION_CHECKS,
  ...REDEMPTION_CHECKS,
  ...PARTNER_CHECKS,
]);
