import type { Who } from './people';

/**
 * Who gets which status where the address is about `self` and the body is one that no route accepts, so that an answer
 * of 400 means: let in. Whoever is not named is kept out: 401 for the anonymous, 403 for all others.
 */
export type Verdict = Readonly<Record<number, string>>;

export const EVERYBODY: readonly Who[] = [
  'anonymous',
  'stranger',
  'candidate',
  'self',
  'upline',
  'downline',
  'other',
  'suspended',
  'external',
  'unconfirmed',
  'waiting',
  'viewer',
  'payer',
  'inviter',
  'configurer',
  'admin',
];
const ALL = EVERYBODY.join(' ');
/** Partners who may act, and those who may only look. */
const ACTING = 'self upline downline other external';
const LOOKING = `${ACTING} suspended unconfirmed`;
const NOT_ABOVE_SELF = 'downline other external suspended unconfirmed';
/** CRM users with the permission to participate, joined or not. */
const PARTICIPATING = 'candidate self upline downline other suspended admin';
const CRM_USERS = 'stranger candidate self upline downline other suspended viewer payer inviter configurer admin';
const OWN_LOGIN = 'external unconfirmed waiting';

const open = (status: number): Verdict => ({ [status]: ALL });
const configure = (status: number): Verdict => ({ [status]: 'configurer admin' });
const payer = (status: number): Verdict => ({ [status]: 'payer admin' });
const inviter = (status: number): Verdict => ({ [status]: 'inviter admin' });
const looking = (status: number): Verdict => ({ [status]: LOOKING });
const acting = (status: number): Verdict => ({ [status]: ACTING });
const membership = (status: number): Verdict => ({ [status]: `${LOOKING} waiting` });
const account = (status: number): Verdict => ({ [status]: OWN_LOGIN, 409: CRM_USERS });

const partner: Verdict = { 200: 'self upline viewer payer admin', 404: NOT_ABOVE_SELF };
const books: Verdict = { 200: 'self payer admin', 404: `upline ${NOT_ABOVE_SELF}` };
/** The own ones where nobody else's are asked for: a payer who is no partner has none. */
const ownBooks: Verdict = { 200: LOOKING };
/** Unknown links of the public pages. */
const deadLink = { GET: open(410), POST: open(400) };

/** Every route of the program. A new one belongs here before it is served. @see F69 */
export const VERDICTS: Readonly<Record<string, Verdict>> = {
  'GET /partner-program': looking(200),
  'GET /partner-program/login': open(200),
  'GET /partner-program/notices/:notice': open(200),
  'GET /partner-program/health/live': open(200),
  'GET /partner-program/health/ready': open(200),
  'GET /partner-program/metrics': open(404),
  'GET /partner-program/assets/:hash/:name': open(404),
  'GET /partner-program/openapi.json': open(200),

  // The own login of partners without a CRM account.
  'GET /partner-program/account': account(200),
  'GET /partner-program/sessions': account(200),
  'POST /partner-program/sessions': open(400),
  'DELETE /partner-program/sessions/:id': account(404),
  'GET /partner-program/password-resets': open(200),
  'POST /partner-program/password-resets': open(400),
  'GET /partner-program/password-resets/:token': open(410),
  'POST /partner-program/password-resets/:token': open(400),
  'PUT /partner-program/password': account(400),
  'GET /partner-program/confirmation-requests': open(200),
  'POST /partner-program/confirmation-requests': open(400),
  'POST /partner-program/email-confirmations': account(202),
  'GET /partner-program/email-confirmations/:token': open(410),
  'POST /partner-program/email-confirmations/:token': open(410),
  'POST /partner-program/email-changes': account(400),
  'GET /partner-program/email-changes/:token': open(410),
  'POST /partner-program/email-changes/:token': open(410),

  // The own membership, whatever its state.
  'GET /partner-program/profile': membership(200),
  'PUT /partner-program/profile': acting(400),
  'GET /partner-program/profile/export': membership(200),
  'POST /partner-program/profile/leaving': membership(400),

  // The ways in.
  'GET /partner-program/membership': { 200: PARTICIPATING },
  'POST /partner-program/membership': { 400: PARTICIPATING },
  'POST /partner-program/membership/reminders': { 409: PARTICIPATING },
  'GET /partner-program/membership/subordinates': { 200: PARTICIPATING },
  'POST /partner-program/membership/subordinates/:userId/invitation': { 404: PARTICIPATING },
  'GET /partner-program/membership/exceptions': configure(200),
  'POST /partner-program/membership/exceptions': configure(400),
  'GET /partner-program/terms': configure(200),
  'POST /partner-program/terms': configure(400),
  'POST /partner-program/terms/:versionId/publication': configure(404),
  'GET /partner-program/terms/current': open(200),
  'GET /partner-program/terms/current/file': open(200),
  'POST /partner-program/terms/acceptances': acting(400),
  'GET /partner-program/terms/:versionId/acceptances': configure(404),
  'GET /partner-program/terms/acceptances/:versionId/receipt.pdf': looking(404),
  'GET /partner-program/invitations': looking(200),
  'POST /partner-program/invitations': acting(400),
  'GET /partner-program/invitations/sender': looking(200),
  'POST /partner-program/invitations/preview': acting(400),
  'GET /partner-program/invitations/:id': looking(404),
  'POST /partner-program/invitations/:id/resending': acting(404),
  'DELETE /partner-program/invitations/:id': acting(404),
  'GET /partner-program/referral-link': looking(200),
  'GET /partner-program/level-zero-link': {},
  'GET /partner-program/referral-link.svg': looking(200),
  'GET /partner-program/level-zero-link.svg': {},
  'GET /partner-program/registrations': open(200),
  'POST /partner-program/registrations': open(400),
  'GET /partner-program/registrations/link/:code': deadLink.GET,
  'POST /partner-program/registrations/link/:code': deadLink.POST,
  'GET /partner-program/registrations/invitation/:token': deadLink.GET,
  'POST /partner-program/registrations/invitation/:token': deadLink.POST,
  'GET /partner-program/registrations/invitation/:token/suppression': open(410),
  'POST /partner-program/registrations/invitation/:token/suppression': open(410),
  'GET /partner-program/registrations/suppressed': open(200),
  'GET /potwierdz-email/:token': open(410),
  'POST /potwierdz-email/:token': open(410),
  'GET /confirmar-email/:token': open(410),
  'POST /confirmar-email/:token': open(410),
  'GET /confirm-email/:token': open(410),
  'POST /confirm-email/:token': open(410),
  'GET /rejestracja': open(200),
  'POST /rejestracja': open(400),
  'GET /rejestracja/:code': deadLink.GET,
  'POST /rejestracja/:code': deadLink.POST,
  'GET /zaproszenie/:token': deadLink.GET,
  'POST /zaproszenie/:token': deadLink.POST,
  'GET /cadastro': open(200),
  'POST /cadastro': open(400),
  'GET /cadastro/:code': deadLink.GET,
  'POST /cadastro/:code': deadLink.POST,
  'GET /convite/:token': deadLink.GET,
  'POST /convite/:token': deadLink.POST,
  'GET /register': open(200),
  'POST /register': open(400),
  'GET /register/:code': deadLink.GET,
  'POST /register/:code': deadLink.POST,
  'GET /invitation/:token': deadLink.GET,
  'POST /invitation/:token': deadLink.POST,
  'GET /partner-program/approvals': inviter(200),
  'POST /partner-program/partners/:id/approval': inviter(409),

  // What partners are told.
  'GET /partner-program/notifications': looking(200),
  'POST /partner-program/notifications/seen': acting(400),
  'GET /partner-program/notifications/preferences': looking(200),
  'PUT /partner-program/notifications/preferences': acting(400),
  'GET /partner-program/notifications/unsubscription/:token': open(410),
  'POST /partner-program/notifications/unsubscription/:token': open(410),
  'GET /partner-program/notifications/unsubscribed': open(200),

  // Where administrators begin, and one field for everybody.
  'GET /partner-program/overview': { 200: 'viewer payer configurer admin' },
  'GET /partner-program/search': { 200: EVERYBODY.filter((who) => who !== 'anonymous').join(' ') },

  // Partners.
  'GET /partner-program/partners': { 200: `${LOOKING} viewer payer admin` },
  'GET /partner-program/partners/map': { 200: `${LOOKING} viewer payer admin` },
  'GET /partner-program/partners/tree': { 200: `${LOOKING} viewer payer admin` },
  'GET /partner-program/partners/:id': partner,
  'GET /partner-program/partners/:id/children': partner,
  'GET /partner-program/partners/:id/upline': partner,
  'GET /partner-program/partners/:id/placements': configure(200),
  'POST /partner-program/partners/:id/placements': configure(400),
  'POST /partner-program/partners/:id/suspension': payer(400),
  'DELETE /partner-program/partners/:id/suspension': payer(409),
  'PUT /partner-program/partners/:id/rank': configure(400),
  'PUT /partner-program/partners/:id/client': configure(400),
  'PUT /partner-program/partners/:id/user': configure(400),
  'GET /partner-program/clients/flags': { 400: PARTICIPATING },

  // Money.
  'GET /partner-program/partners/:id/wallets': books,
  'GET /partner-program/partners/:id/entries': books,
  'GET /partner-program/partners/:id/entries/:entryId/explanation': { 404: `${LOOKING} payer admin` },
  'GET /partner-program/partners/:id/entries.csv': books,
  'GET /partner-program/partners/:id/statement.pdf': books,
  'POST /partner-program/partners/:id/adjustments': payer(400),
  'POST /partner-program/partners/:id/adjustments/preview': payer(400),
  'GET /partner-program/payout-account': looking(200),
  'PUT /partner-program/payout-account': acting(400),
  'DELETE /partner-program/payout-account/change': acting(200),
  'GET /partner-program/withdrawals': { 200: `${LOOKING} payer admin` },
  'POST /partner-program/withdrawals': acting(400),
  'POST /partner-program/withdrawals/:id/account': acting(404),
  'GET /partner-program/withdrawals/request': looking(200),
  'GET /partner-program/withdrawals/payment-file': payer(400),
  'POST /partner-program/withdrawals/payouts': payer(400),
  'GET /partner-program/withdrawals/:id': { 404: `${LOOKING} payer admin` },
  'POST /partner-program/withdrawals/:id/cancellation': acting(404),
  'POST /partner-program/withdrawals/:id/payout': payer(400),
  'POST /partner-program/withdrawals/:id/rejection': payer(400),
  'GET /partner-program/contracts/:contractId/commission-preview': {
    200: 'self upline payer admin',
    404: NOT_ABOVE_SELF,
  },
  'GET /partner-program/contracts/:contractId/commission-preview.csv': {
    200: 'self upline payer admin',
    404: NOT_ABOVE_SELF,
  },
  'GET /partner-program/contracts/:contractId/commissions': { 200: 'self upline payer admin', 404: NOT_ABOVE_SELF },

  // The rules and the machine room.
  'GET /partner-program/plans': configure(200),
  'POST /partner-program/plans': configure(400),
  'POST /partner-program/plans/:versionId/activation': configure(400),
  'POST /partner-program/plans/:versionId/ending': configure(400),
  'GET /partner-program/plans/:versionId/simulation': configure(404),
  'POST /partner-program/plans/:versionId/simulation': configure(400),
  'GET /partner-program/commissions': ownBooks,
  'GET /partner-program/commissions.csv': ownBooks,
  'GET /partner-program/client-links': looking(200),
  'POST /partner-program/client-links': acting(400),
  'GET /partner-program/reviews': { 200: 'payer configurer admin' },
  'POST /partner-program/client-links/:id/approval': { 400: 'payer configurer admin' },
  'POST /partner-program/client-links/:id/rejection': { 400: 'payer configurer admin' },
  'POST /partner-program/client-links/:id/ending': { 400: 'payer configurer admin' },
  'GET /partner-program/units': configure(200),
  'POST /partner-program/units': configure(400),
  'PATCH /partner-program/units/:code': configure(400),
  'GET /partner-program/settings': configure(200),
  'PUT /partner-program/settings': configure(400),
  'GET /partner-program/settings/contract-statuses': configure(200),
  'PUT /partner-program/settings/contract-statuses': configure(400),
  'GET /partner-program/integrity': configure(200),
  'GET /partner-program/rederivation': configure(200),
  'GET /partner-program/audit': { 200: 'payer configurer admin' },
  'GET /partner-program/audit.csv': { 200: 'payer configurer admin' },
  'GET /partner-program/settings/api-keys': configure(200),
  'POST /partner-program/settings/api-keys': configure(400),
  'DELETE /partner-program/settings/api-keys/:id': configure(404),
  'GET /partner-program/settings/webhooks': configure(200),
  'POST /partner-program/settings/webhooks': configure(400),
  'PATCH /partner-program/settings/webhooks/:id': configure(400),
  'DELETE /partner-program/settings/webhooks/:id': configure(404),
  'POST /partner-program/settings/webhooks/:id/secret': configure(404),
  'POST /partner-program/settings/webhooks/:id/replay': configure(404),
  'POST /partner-program/settings/webhooks/:id/test': configure(404),
  'GET /partner-program/settings/webhooks/:id/deliveries': configure(404),
  'POST /partner-program/settings/webhooks/:id/deliveries/:deliveryId/replay': configure(404),
  'GET /partner-program/jobs': configure(200),
  'POST /partner-program/jobs/:id/retry': configure(404),

  // Last, because it ends the sessions of those who ask.
  'DELETE /partner-program/sessions/current': open(204),
};
