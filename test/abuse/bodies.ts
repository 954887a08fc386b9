import { randomBytes, randomUUID } from 'node:crypto';
import type { Agent } from '../support/app';
import type { World } from './people';

export interface Body {
  readonly who: Agent;
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  /** What the route accepts as far as its shape goes. */
  readonly valid: Readonly<Record<string, unknown>>;
}

const PASSWORD = 'cztery kolory na niebie';

/** One acceptable body for every route that reads one. */
export function bodiesOf({ self, people, office }: World): Record<string, Body> {
  const base = '/partner-program';
  const { admin } = office;
  const { external, candidate } = people;
  const post = (who: Agent, path: string, valid: Body['valid']): Body => ({
    who,
    method: 'POST',
    path: `${base}${path}`,
    valid,
  });
  const put = (who: Agent, path: string, valid: Body['valid']): Body => ({ ...post(who, path, valid), method: 'PUT' });
  const partner = `/partners/${self.partnerId}`;
  const token = randomBytes(32).toString('base64url');
  const newcomer = {
    email: 'nowa@poczta.example',
    firstName: 'Ola',
    lastName: 'Nowa',
    phone: '600',
    password: PASSWORD,
    termsVersionId: office.termsVersionId,
  };
  return {
    login: post(people.anonymous, '/sessions', { email: 'a@b.example', password: PASSWORD }),
    'asking for a new password': post(people.anonymous, '/password-resets', { email: 'a@b.example' }),
    'asking for a new confirmation': post(people.anonymous, '/confirmation-requests', { email: 'a@b.example' }),
    'a new password by mail': post(people.anonymous, `/password-resets/${token}`, { password: PASSWORD }),
    'a new password': put(external, '/password', { currentPassword: PASSWORD, newPassword: PASSWORD }),
    'a new address': post(external, '/email-changes', { email: 'b@b.example', password: PASSWORD }),
    'contact data': put(external, '/profile', { firstName: 'Łucja', lastName: 'Wrona', phone: '600', locale: 'pl' }),
    leaving: post(external, '/profile/leaving', { password: PASSWORD, forfeit: false }),
    joining: post(candidate, '/membership', { termsVersionId: randomUUID() }),
    'accepting terms': post(self.agent, '/terms/acceptances', { versionId: randomUUID() }),
    'an invitation': post(self.agent, '/invitations', {
      firstName: 'Ola',
      lastName: 'Nowa',
      email: 'ola@poczta.example',
      phone: '600',
      subject: 'Hej',
      body: 'Hej {{link}}',
      levelZero: false,
    }),
    'a look at an invitation': post(self.agent, '/invitations/preview', {
      firstName: 'Ola',
      subject: 'Hej',
      body: 'Hej {{link}}',
    }),
    registering: post(people.anonymous, '/registrations', newcomer),
    'registering by a link': post(people.anonymous, '/registrations/link/NOSUCHCODE', newcomer),
    'accepting an invitation': post(people.anonymous, `/registrations/invitation/${token}`, {
      password: PASSWORD,
      termsVersionId: office.termsVersionId,
      firstName: 'Ola',
      lastName: 'Nowa',
      phone: '600',
    }),
    'a move': post(admin, `${partner}/placements`, { sponsorId: null, reason: 'Asked for it', effectiveAt: null }),
    'a suspension': post(admin, `${partner}/suspension`, { reason: 'Suspicion of fraud' }),
    'a rank': put(admin, `${partner}/rank`, { rank: 'gold', effectiveFrom: null }),
    'a client': put(admin, `${partner}/client`, { clientId: 'a client' }),
    'another CRM user': put(admin, `${partner}/user`, { userId: 'nobody', reason: 'Changed the department' }),
    'leave to join': post(admin, '/membership/exceptions', { userId: 'nobody', reason: 'The boss has no right' }),
    'a correction': post(admin, `${partner}/adjustments`, {
      amountMinor: 100,
      currency: 'PLN',
      reason: 'Agreed upon by telephone',
    }),
    'a look at a correction': post(admin, `${partner}/adjustments/preview`, {
      amountMinor: 100,
      currency: 'PLN',
      reason: 'Agreed upon by telephone',
    }),
    'a payout account': put(self.agent, '/payout-account', {
      kind: 'iban',
      value: 'PL61109010140000071219812874',
      holder: 'Jan Kos',
      pixKind: null,
    }),
    'seen notifications': post(self.agent, '/notifications/seen', { until: '1' }),
    'notification settings': put(self.agent, '/notifications/preferences', {
      data: [{ kind: 'terms', email: false, portal: true }],
    }),
    'a withdrawal': post(self.agent, '/withdrawals', { amountMinor: 100, currency: 'PLN', note: 'Please' }),
    'a payout': post(admin, `/withdrawals/${randomUUID()}/payout`, { reference: 'P/1' }),
    payouts: post(admin, '/withdrawals/payouts', { ids: [randomUUID()], reference: 'P/1' }),
    'a rejection': post(admin, `/withdrawals/${randomUUID()}/rejection`, { reason: 'The account number is wrong' }),
    'a plan': post(admin, '/plans', {
      name: 'Plan',
      currency: 'PLN',
      kind: 'levels',
      levels: [{ level: 0, rateBps: 100, amountMinor: null }],
      ranks: null,
      compression: 'none',
      holdingDays: 0,
      depth: null,
      capBps: null,
      conditions: { products: ['A'], contractKinds: null, minimumValueMinor: null },
    }),
    'an activation': post(admin, `/plans/${randomUUID()}/activation`, { effectiveFrom: null, effectiveTo: null }),
    'an ending': post(admin, `/plans/${randomUUID()}/ending`, { on: '2100-01-01', reason: 'Promocja minęła' }),
    'a simulation': post(admin, `/plans/${randomUUID()}/simulation`, { from: '2026-01-01', to: '2026-02-01' }),
    'an API key': post(admin, '/settings/api-keys', { name: 'ERP', scopes: ['manageBalances:read'], expiresAt: null }),
    'a webhook': post(admin, '/settings/webhooks', { url: 'https://example.com/hook', events: ['withdrawal.paid'] }),
    'a changed webhook': {
      ...post(admin, `/settings/webhooks/${randomUUID()}`, { url: 'https://example.com/', active: true }),
      method: 'PATCH',
    },
    'a referral': post(self.agent, '/client-links', { name: 'Nowy klient', phone: '+48 600 700 800', note: 'Znajomy' }),
    'an approved referral': post(admin, `/client-links/${randomUUID()}/approval`, { clientId: 'x' }),
    'a rejected referral': post(admin, `/client-links/${randomUUID()}/rejection`, { reason: 'Znamy go' }),
    'an ended referral': post(admin, `/client-links/${randomUUID()}/ending`, { reason: 'Umowa wygasła' }),
    'a unit': post(admin, '/units', {
      code: 'MILE',
      digits: 0,
      names: { pl: { few: 'mile', other: 'mil' }, 'pt-BR': { other: 'milhas' }, en: { one: 'mile', other: 'miles' } },
      worth: { num: 1, den: 2, currency: 'PLN' },
    }),
    'a changed unit': { ...post(admin, '/units/NOSUCHCODE', { digits: 0, worth: null }), method: 'PATCH' },
    settings: put(admin, '/settings', {
      currency: 'PLN',
      locale: 'pl',
      minimumWithdrawalMinor: 0,
      requireAcceptance: false,
    }),
  };
}

/** Writes that read no body, besides the list of actions of the contract statuses and the upload of terms. */
export const WITHOUT_BODY = [
  'DELETE /partner-program/invitations/:id',
  'DELETE /partner-program/partners/:id/suspension',
  'DELETE /partner-program/payout-account/change',
  'DELETE /partner-program/sessions/:id',
  'DELETE /partner-program/settings/api-keys/:id',
  'DELETE /partner-program/settings/webhooks/:id',
  'DELETE /partner-program/sessions/current',
  'POST /partner-program/email-changes/:token',
  'POST /partner-program/email-confirmations',
  'POST /partner-program/email-confirmations/:token',
  'POST /partner-program/invitations/:id/resending',
  'POST /partner-program/jobs/:id/retry',
  'POST /partner-program/membership/reminders',
  'POST /partner-program/membership/subordinates/:userId/invitation',
  'POST /partner-program/notifications/unsubscription/:token',
  'POST /partner-program/partners/:id/approval',
  'POST /partner-program/registrations/invitation/:token/suppression',
  'POST /partner-program/settings/webhooks/:id/deliveries/:deliveryId/replay',
  'POST /partner-program/settings/webhooks/:id/replay',
  'POST /partner-program/settings/webhooks/:id/secret',
  'POST /partner-program/withdrawals/:id/account',
  'POST /partner-program/settings/webhooks/:id/test',
  'POST /partner-program/terms',
  'POST /partner-program/terms/:versionId/publication',
  'POST /partner-program/withdrawals/:id/cancellation',
  'PUT /partner-program/settings/contract-statuses',
];
