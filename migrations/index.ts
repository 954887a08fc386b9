import { Access1763741900000 } from './1763741900000-access';
import { Accounts1763741800000 } from './1763741800000-accounts';
import { ApiKeys1763741892000 } from './1763741892000-api-keys';
import { Audit1763741880000 } from './1763741880000-audit';
import { Commissions1763741500000 } from './1763741500000-commissions';
import { ContractNumbers1763741912000 } from './1763741912000-contract-numbers';
import { Departures1763741860000 } from './1763741860000-departures';
import { Forgetting1763741911000 } from './1763741911000-forgetting';
import { Foundation1763741000000 } from './1763741000000-foundation';
import { Integrity1763741700000 } from './1763741700000-integrity';
import { Invitations1763741850000 } from './1763741850000-invitations';
import { Jobs1763741400000 } from './1763741400000-jobs';
import { Ledger1763741300000 } from './1763741300000-ledger';
import { Notifications1763741870000 } from './1763741870000-notifications';
import { Partners1763741100000 } from './1763741100000-partners';
import { PayoutAccountRanges1763741887000 } from './1763741887000-payout-account-ranges';
import { Rights1763741913000 } from './1763741913000-rights';
import { Scale1763741890000 } from './1763741890000-scale';
import { Terms1763741200000 } from './1763741200000-terms';
import { Wallets1763741600000 } from './1763741600000-wallets';
import { WebhookAttempts1763741910000 } from './1763741910000-webhook-attempts';
import { Webhooks1763741895000 } from './1763741895000-webhooks';
import { WithdrawalPostings1763741905000 } from './1763741905000-withdrawal-postings';

/** The module's migrations, which run by their timestamps; they live in the schema `partner_program` and nowhere else. */
export const partnerProgramMigrations = [
  Foundation1763741000000,
  Partners1763741100000,
  Terms1763741200000,
  Ledger1763741300000,
  Jobs1763741400000,
  Commissions1763741500000,
  Wallets1763741600000,
  Integrity1763741700000,
  Accounts1763741800000,
  Invitations1763741850000,
  Departures1763741860000,
  Notifications1763741870000,
  Audit1763741880000,
  PayoutAccountRanges1763741887000,
  Scale1763741890000,
  ApiKeys1763741892000,
  Webhooks1763741895000,
  WithdrawalPostings1763741905000,
  WebhookAttempts1763741910000,
  Forgetting1763741911000,
  ContractNumbers1763741912000,
  Rights1763741913000,
  Access1763741900000,
];
