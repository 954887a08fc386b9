import { WEBHOOK_EVENTS } from '../../../../../modules/platform/webhooks/webhook-events';

/** What every page shows in the tests: the JSON that its route answers, with as much in it as there can be. */

const ID = '0190b6d5-0000-7000-8000-00000000000';
const AT = '2026-03-14T09:26:53.589Z';
const EVE = '<script>alert(1)</script>';

const ENDPOINT = {
  id: `${ID}1`,
  url: `https://example.com/${EVE}`,
  events: ['commission.posted', 'terms.published'],
  active: true,
  previousUntil: null,
  createdAt: AT,
  createdByName: EVE,
  deliveredAt: AT,
  disabledAt: null,
  disabledReason: null,
};
const ATTEMPT = { number: 1, attemptedAt: AT, durationMs: 42, responseStatus: 200, answer: 'ok' };
const DELIVERY = {
  id: '3',
  eventId: `${ID}9`,
  type: 'withdrawal.paid',
  occurredAt: AT,
  data: { withdrawalId: `${ID}8` },
  status: 'delivered',
  attempts: 1,
  queuedAt: AT,
  nextAttemptAt: null,
  lastAttempts: [ATTEMPT],
};
const HOST = { calculatedAt: AT, reconciledAt: AT, waiting: 0, lagSeconds: 0, deadJobs: 0 };

const wallet = {
  currency: 'PLN',
  totalMinor: 317502,
  availableMinor: 267502,
  heldMinor: 50000,
  maturingMinor: 12000,
  forecastMinor: 25000,
  weightedForecastMinor: 12500,
  nextReleaseAt: AT,
  paidOutMinor: 0,
  version: 3,
};
const inDebt = {
  currency: 'EUR',
  totalMinor: -1250,
  availableMinor: -1250,
  heldMinor: 0,
  maturingMinor: 0,
  forecastMinor: 0,
  weightedForecastMinor: 0,
  nextReleaseAt: null,
  paidOutMinor: 1250,
  version: 4,
};
const payoutAccount = {
  kind: 'pix',
  pixKind: 'email',
  value: 'l•••@crm.example',
  holder: EVE,
  changedAt: AT,
  countsFrom: AT,
};
const partner = {
  id: `${ID}2`,
  firstName: 'Łucja',
  lastName: EVE,
  email: 'lucja@crm.example',
  phone: '+48 600 100 200',
  status: 'active',
  level: 1,
  joinedAt: AT,
  sponsorId: `${ID}1`,
  upline: [{ id: `${ID}1`, firstName: 'Ewa', lastName: 'Nowak', level: 1 }],
  directCount: 2,
  downlineCount: 1204,
  wallets: [wallet, inDebt],
};
const entry = (kind: string, amountMinor: number, more: object = {}) => ({
  id: `${kind}-1`,
  at: AT,
  kind,
  amountMinor,
  currency: 'PLN',
  balanceAfterMinor: 267502,
  contractId: null,
  contractNumber: null,
  level: null,
  description: EVE,
  ...more,
});
const entries = [
  entry('commission', 92502, { level: 0, contractId: 'K1', contractNumber: EVE, description: 'K1' }),
  entry('commission', 1200, { level: 2, contractId: 'K1', description: 'K1' }),
  entry('reversal', -1200, { level: 2 }),
  ...['release', 'adjustment', 'hold', 'holdReturn', 'payout'].map((kind) => entry(kind, -500)),
];
const rates = {
  levels: [
    { level: 0, rateBps: 500, amountMinor: null },
    { level: 1, rateBps: 0, amountMinor: null },
    { level: 2, rateBps: null, amountMinor: 1500 },
  ],
  ranks: [],
};
const rateCard = [
  { name: 'Podstawowy', kind: 'levels', currency: 'PLN', holdingDays: 14, ...rates },
  {
    name: 'Liderzy',
    kind: 'differential',
    currency: 'PLN',
    holdingDays: 0,
    levels: [],
    ranks: [{ rank: 'Złoty', rateBps: 1250 }],
  },
];
const terms = { versionId: `${ID}4`, title: EVE, sha256: 'ab'.repeat(32) };
const line = (level: number, reason: string, amountMinor: number) => ({
  partnerId: `${ID}${level}`,
  name: level === 1 ? '' : EVE,
  level,
  rateBps: amountMinor > 0 ? 500 : null,
  amountMinor,
  postedMinor: amountMinor,
  reason,
});
const lines = [line(0, 'PAID', 92502), line(1, 'INACTIVE', 0), line(2, 'BEYOND_DEPTH', 0)];
const basis = { amountMinor: 1850050, currency: 'PLN' };
const preview = {
  roundedOff: 12500,
  statusAction: 'none',
  contractId: 'K1',
  number: 'K/2026/001',
  basis,
  planVersionId: `${ID}5`,
  plan: { name: 'Podstawowy', number: 2 },
  asOf: AT,
  state: 'posted',
  originatorJoined: true,
  attribution: { source: 'seller', partnerId: `${ID}0`, name: EVE },
  lines,
  totalMinor: 92502,
  posted: [{ partnerId: `${ID}0`, amountMinor: 92502 }],
  postedAt: AT,
};
const clientLink = {
  id: `${ID}8`,
  name: EVE,
  email: EVE,
  phone: null,
  taxId: EVE,
  note: EVE,
  state: 'submitted',
  reason: null,
  validFrom: null,
  validTo: null,
  submittedAt: AT,
  decidedAt: null,
  clientId: null,
  clientName: null,
};
const commission = {
  contractId: 'K1',
  number: EVE,
  clientName: EVE,
  sellerName: EVE,
  status: { key: 'sent', label: EVE },
  value: basis,
  attribution: 'clientLink',
  level: 2,
  rateBps: 200,
  amountMinor: 92502,
  currency: 'PLN',
  state: 'forecast',
  weightBps: 5000,
  weightedMinor: 46251,
  occurredAt: AT,
};
const planVersion = {
  id: `${ID}6`,
  versionId: `${ID}7`,
  name: EVE,
  number: 1,
  kind: 'levels',
  currency: 'PLN',
  compression: 'skipInactive',
  holdingDays: 14,
  depth: 4,
  capBps: 2500,
  status: 'draft',
  effectiveFrom: null,
  effectiveTo: null,
  conditions: { products: [EVE], contractKinds: ['nowa'], minimumValueMinor: 100000 },
  ...rates,
};
const withdrawal = {
  id: `${ID}8`,
  partnerId: partner.id,
  name: EVE,
  amountMinor: 50000,
  currency: 'PLN',
  status: 'pending',
  requestedAt: AT,
  wallet,
};
const list = (...data: object[]) => ({
  data,
  nextCursor: data.length > 0 ? 'next page' : null,
  counts: { pending: data.length, paid: 1000, rejected: 1, cancelled: 0 },
});

export const SAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  'accounts/login': [
    { next: null, crmLoginPath: null },
    { next: '/partner-program/partners?search=a&level=1', crmLoginPath: '/login' },
  ],
  'accounts/reset': [{}],
  'accounts/confirmation': [{}],
  'accounts/new-password': [{ email: 'e…@crm.example', minimum: 8, maximum: 128 }],
  'accounts/confirm': [
    { email: 'e…@crm.example', change: false, confirmed: false },
    { email: 'e…@crm.example', change: false, confirmed: true },
    { email: 'ewa@crm.example', change: true, confirmed: false },
  ],
  'accounts/notice': [{ notice: 'resetSent' }, { notice: 'changeHalf' }],
  'accounts/security': [
    {
      email: 'ewa@crm.example',
      emailConfirmed: true,
      emailChange: { email: 'nowa@crm.example', oldConfirmed: true, newConfirmed: false },
      sessions: [
        { id: `${ID}1`, createdAt: AT, lastSeenAt: AT, ip: '192.0.2.1', userAgent: EVE, current: true },
        { id: `${ID}2`, createdAt: AT, lastSeenAt: AT, ip: null, userAgent: null, current: false },
      ],
      minimum: 8,
      maximum: 128,
    },
    { email: 'ewa@crm.example', emailConfirmed: false, emailChange: null, sessions: [], minimum: 8, maximum: 128 },
  ],
  'membership/join': [
    { state: 'none', eligible: true, reasons: [], terms, account: partner, rateCard },
    {
      state: 'none',
      eligible: false,
      reasons: [{ code: 'SUPERVISOR_NOT_JOINED', supervisor: partner }, { code: 'NO_TERMS' }],
      account: { ...partner, phone: null },
    },
    {
      state: 'none',
      eligible: false,
      reasons: [{ code: 'SUPERVISOR_CANNOT_JOIN', supervisor: partner, why: 'noPermission' }],
      terms,
      account: partner,
    },
    { state: 'partner', eligible: false, reasons: [], terms, account: partner },
  ],
  'membership/subordinates': [
    {
      data: [
        { userId: 'u1', firstName: 'Ola', lastName: 'Sowa', invitedAt: '2026-03-29', canJoin: true },
        { userId: 'u2', firstName: EVE, lastName: 'Lis', canJoin: false, reason: 'noPermission' },
        { userId: 'u3', firstName: 'Jan', lastName: 'Lis', canJoin: false, reason: 'SUPERVISOR_NOT_JOINED' },
      ],
      nextCursor: null,
    },
    { data: [], nextCursor: null },
  ],
  'membership/exceptions': [
    {
      data: ['noPermission', 'deactivated', 'circle'].map((why) => ({
        userId: why,
        firstName: 'Ola',
        lastName: 'Sowa',
        supervisor: { ...partner, why },
      })),
      nextCursor: null,
    },
    { data: [], nextCursor: null },
  ],
  'dashboard/dashboard': [
    {
      partner,
      referralLink: { url: 'https://crm.example/rejestracja/abc', code: 'abc' },
      levelZeroLink: { url: 'https://crm.example/rejestracja/def', code: 'def' },
      wallets: [wallet, inDebt],
      pendingWithdrawal: withdrawal,
      recentEntries: entries,
      openContracts: [
        { contractId: 'c1', number: 'U/062', level: 0, amountMinor: 92502, currency: 'PLN', occurredAt: AT },
        { contractId: EVE, number: null, level: 2, amountMinor: 100, currency: 'EUR', occurredAt: AT },
      ],
      earnings: [
        { currency: 'PLN', month: '2026-02-01T00:00:00.000Z', ownMinor: 0, networkMinor: 0 },
        { currency: 'PLN', month: '2026-03-01T00:00:00.000Z', ownMinor: 92502, networkMinor: -1200 },
        { currency: 'EUR', month: '2026-03-01T00:00:00.000Z', ownMinor: -500, networkMinor: -1200 },
      ],
      onboarding: { termsAccepted: true, emailConfirmed: true, payoutAccount: false, firstPartner: true },
      network: { direct: 2, total: 1205, newThisMonth: 100 },
      rateCard,
      termsToAccept: terms,
      termsReceipt: terms.versionId,
    },
    {
      partner,
      referralLink: { url: 'https://crm.example/rejestracja/abc', code: 'abc' },
      wallets: [wallet],
      recentEntries: [],
      earnings: [],
      onboarding: { termsAccepted: true, emailConfirmed: false, payoutAccount: false, firstPartner: false },
      network: { direct: 0, total: 0, newThisMonth: 0 },
      rateCard: [],
    },
  ],
  'overview/overview': [
    {
      waiting: {
        withdrawals: { count: 3, totals: [basis, { amountMinor: 100, currency: 'EUR' }] },
        approvals: 2,
        clientLinks: 1,
        deadJobs: 4,
      },
      commissions: { thisMonth: [basis, { amountMinor: -100, currency: 'EUR' }], lastMonth: [basis] },
      forecast: [
        { amountMinor: 92502, currency: 'PLN', weightedMinor: 46251 },
        { amountMinor: 100, currency: 'EUR', weightedMinor: 100 },
      ],
      liabilities: [wallet, inDebt],
      partners: {
        active: 1204,
        newThisMonth: 2,
        byMonth: [
          { month: '2026-02-01T00:00:00.000Z', count: 0 },
          { month: '2026-03-01T00:00:00.000Z', count: 2 },
        ],
      },
      top: [
        { partnerId: partner.id, name: EVE, amountMinor: 92502, currency: 'PLN' },
        { partnerId: partner.id, name: ' ', amountMinor: 100, currency: 'EUR' },
      ],
    },
    {
      waiting: { withdrawals: { count: 0, totals: [] }, approvals: 0, clientLinks: 0 },
      commissions: { thisMonth: [], lastMonth: [] },
      forecast: [],
      liabilities: [],
      partners: { active: 0, newThisMonth: 0, byMonth: [{ month: '2026-03-01T00:00:00.000Z', count: 0 }] },
      top: [],
    },
    { waiting: { clientLinks: 1, deadJobs: 0 } },
  ],
  'search/search': [
    {
      q: EVE,
      partners: [
        { id: partner.id, name: EVE, email: EVE, status: 'active' },
        { id: partner.id, name: ' ', status: 'left' },
      ],
      contracts: [
        { contractId: 'K1', number: EVE, clientName: EVE, status: { key: 'sent', label: EVE }, value: basis },
        { contractId: 'K2', number: null, status: { key: 'sent', label: 'sent' }, value: basis },
      ],
      withdrawals: [{ ...withdrawal, reference: null }],
    },
    { q: EVE, partners: [], contracts: [], withdrawals: [] },
    { q: '', partners: [], contracts: [], withdrawals: [] },
  ],
  'profile/profile': [
    {
      ...partner,
      emailConfirmed: true,
      locale: 'pl',
      fromCrm: false,
      acceptances: [{ versionId: `${ID}7`, number: 2, title: EVE, acceptedAt: AT, locale: 'pl' }],
      leaving: {
        obstacle: null,
        forfeits: [
          { amountMinor: 267502, currency: 'PLN' },
          { amountMinor: 100, currency: 'EUR' },
        ],
        erasedAfterDays: 14,
      },
    },
    ...['WITHDRAWAL_PENDING', 'COMMISSIONS_MATURING', 'BALANCE_NEGATIVE'].map((code) => ({
      ...partner,
      phone: null,
      emailConfirmed: true,
      locale: 'pl',
      fromCrm: true,
      acceptances: [],
      leaving: {
        obstacle: { code, amount: { amountMinor: 50000, currency: 'PLN' } },
        forfeits: [],
        erasedAfterDays: 14,
      },
    })),
  ],
  'partners/list': [
    list(
      partner,
      { ...partner, status: 'suspended', wallets: undefined },
      { ...partner, status: 'awaitingApproval', level: null, sponsorId: null, wallets: [] },
    ),
    list(),
  ],
  'commissions/explanation': [
    {
      entry: { id: '7-1', kind: 'commission', at: AT, level: 2, currency: 'PLN' },
      partner: { id: partner.id, name: EVE },
      contract: { id: 'K1', number: EVE },
      step: { kind: 'accrual', asOf: AT, eventVersion: 1, transactionId: '7' },
      plan: { versionId: `${ID}7`, name: EVE, number: 3, kind: 'levels' },
      rateLevel: 1,
      rank: null,
      basisMinor: 1234567,
      rateBps: 1250,
      uncappedMinor: 154320,
      roundedOff: 8750,
      cappedMinor: 4320,
      ruleMinor: 150000,
      reversedBps: 0,
      takenBackMinor: 0,
      beforeMinor: 0,
      amountMinor: 150000,
      path: [
        { level: 2, name: EVE, isOwn: true },
        { level: 1, name: null, isOwn: false },
        { level: 0, name: 'Ewa Nowak', isOwn: false },
      ],
    },
    {
      entry: { id: '9-1', kind: 'reversal', at: AT, level: 0, currency: 'PLN' },
      partner: { id: partner.id, name: EVE },
      contract: { id: 'K1', number: null },
      step: { kind: 'reversal', asOf: AT, eventVersion: 2, transactionId: '9' },
      plan: null,
      rateLevel: null,
      rank: EVE,
      basisMinor: 1234567,
      rateBps: null,
      uncappedMinor: 5000,
      roundedOff: 0,
      cappedMinor: 0,
      ruleMinor: 5000,
      reversedBps: 3000,
      takenBackMinor: 1500,
      beforeMinor: 5000,
      amountMinor: -1500,
      path: [
        { level: 1, name: EVE, isOwn: false, partnerId: `${ID}1`, amountMinor: 0, reason: 'INACTIVE' },
        { level: 0, name: EVE, isOwn: true, partnerId: partner.id, amountMinor: 5000, reason: 'PAID' },
      ],
    },
  ],
  'partners/map': [
    {
      from: { id: partner.id, name: EVE },
      limit: 300,
      tooMany: false,
      people: [
        { id: partner.id, name: EVE, status: 'active', sponsorId: null },
        { id: `${ID}3`, name: EVE, status: 'suspended', sponsorId: partner.id },
        { id: `${ID}4`, name: 'Ewa', status: 'left', sponsorId: partner.id },
      ],
    },
    { from: null, limit: 300, tooMany: true, people: [] },
    { from: null, limit: 300, tooMany: false, people: [] },
  ],
  'partners/tree': [
    {
      ...list(
        { ...partner, depth: 1, isOpen: true, toggled: '', place: 1, siblings: 1 },
        {
          ...partner,
          id: `${ID}3`,
          directCount: 0,
          depth: 12,
          isOpen: false,
          toggled: '',
          place: null,
          siblings: -1,
          more: [{ name: EVE, depth: 2, open: `${ID}1~100` }],
        },
      ),
      from: `${ID}1`,
      focus: { id: `${ID}3`, name: EVE, upline: Array.from({ length: 8 }, () => ({ id: `${ID}1`, name: EVE })) },
    },
    { ...list(), from: null },
    { ...list(), from: null, matches: [{ ...partner, sponsorName: EVE }] },
    { ...list(), from: null, matches: [] },
  ],
  'partners/move': [
    {
      partner: { id: partner.id, name: EVE },
      upline: [{ id: `${ID}1`, name: EVE }],
      candidates: [{ ...partner, sponsorName: EVE }],
    },
    {
      partner: { id: partner.id, name: EVE },
      upline: [],
      candidates: [],
      sponsor: null,
      refused: 'PLACEMENT_UNCHANGED',
    },
    ...[3, null].map((partners) => ({
      partner: { id: partner.id, name: EVE },
      upline: [],
      candidates: [],
      sponsor: partners && { id: `${ID}1`, name: EVE },
      preview: {
        impact: {
          partners,
          leaves: [{ id: `${ID}1`, name: EVE }],
          joins: [],
          openContracts: 2,
          truncated: true,
          changes: [{ partnerId: `${ID}1`, name: EVE, currency: 'PLN', beforeMinor: 100, afterMinor: 0 }],
        },
      },
    })),
  ],
  'partners/partner': [
    { ...partner, rank: 'Złoty' },
    { ...partner, status: 'suspended', suspensionReason: EVE, upline: [], wallets: undefined },
    { ...partner, status: 'awaitingApproval', upline: [], wallets: [], rank: null },
  ],
  'partners/adjustment': [
    {
      currency: 'PLN',
      beforeMinor: 1000,
      amountMinor: -2500,
      afterMinor: -1500,
      order: { operation: 'debit', amountMinor: 2500, currency: 'PLN', reason: EVE, seen: 'PLN:1 ' },
      partner: { ...partner, id: `${ID}1` },
    },
    {
      currency: 'PLN',
      beforeMinor: 0,
      amountMinor: 2500,
      afterMinor: 2500,
      order: { amountMinor: 2500, currency: 'PLN', reason: EVE },
      partner: { ...partner, id: `${ID}1` },
    },
  ],
  'partners/entries': [{ ...list(...entries), partner }, list()],
  'terms/terms': [
    list(
      { ...terms, number: 2, requireAcceptance: true, uploadedAt: AT, publishedAt: AT, inForce: true, acceptances: 3 },
      {
        ...terms,
        number: 1,
        requireAcceptance: false,
        uploadedAt: AT,
        publishedAt: null,
        inForce: false,
        acceptances: 0,
      },
    ),
    list(),
  ],
  'terms/acceptances': [
    {
      ...list(
        { partnerId: `${ID}2`, name: EVE, email: 'ewa@firma.example', acceptedAt: AT, locale: 'pl', ip: '192.0.2.7' },
        { partnerId: `${ID}3`, name: EVE, email: 'jan@firma.example', acceptedAt: AT, locale: 'en', ip: null },
      ),
      terms: { ...terms, number: 2 },
    },
    { ...list(), terms: { ...terms, number: 1 } },
  ],
  'client-links/client-links': [
    list(clientLink, {
      ...clientLink,
      state: 'ended',
      validFrom: AT,
      validTo: AT,
      email: null,
      phone: EVE,
      reason: EVE,
    }),
    list(),
  ],
  'client-links/reviews': [
    {
      ...list(
        { ...clientLink, partner: { id: `${ID}0`, name: EVE } },
        {
          ...clientLink,
          id: `${ID}9`,
          state: 'approved',
          clientId: EVE,
          clientName: EVE,
          validFrom: AT,
          partner: { id: `${ID}1`, name: EVE },
        },
      ),
      kinds: { clientLink: 2, registration: 1000 },
    },
    { ...list(), kinds: { clientLink: 0, registration: 0 } },
  ],
  'commissions/list': [
    {
      ...list(
        commission,
        {
          ...commission,
          state: 'maturing',
          weightBps: undefined,
          weightedMinor: undefined,
          releaseAt: AT,
          sellerName: undefined,
        },
        {
          ...commission,
          state: 'reversed',
          amountMinor: 0,
          reversedMinor: 92502,
          reason: 'INACTIVE',
          clientName: undefined,
        },
      ),
      totals: [{ currency: 'PLN', contracts: 3, amountMinor: 92502, weightedMinor: 46251 }],
    },
    { ...list(), totals: [] },
  ],
  'commissions/preview': [
    preview,
    { ...preview, state: 'forecast', posted: undefined, postedAt: undefined, plan: null },
    {
      ...preview,
      state: 'reversed',
      originatorJoined: false,
      attribution: { source: null, reason: 'NO_ATTRIBUTION' },
      lines: [],
      totalMinor: 0,
      basis: { ...basis, amountMinor: 0 },
    },
  ],
  'commissions/commissions': [
    { contractId: 'K1', ...list({ id: '1', kind: 'accrual', asOf: AT, recordedAt: AT, basis, reversedBps: 0, lines }) },
    { contractId: 'K1', ...list() },
  ],
  'commissions/rederivation': [
    { ok: true, contracts: 1204, found: 0, differences: [] },
    {
      ok: false,
      contracts: 2,
      found: 22,
      differences: [
        {
          contractId: EVE,
          eventVersion: 3,
          accrualVersion: 1,
          level: 0,
          field: 'amountMinor',
          stored: 0,
          derived: 1250,
        },
        {
          contractId: 'K1',
          eventVersion: 1,
          accrualVersion: 1,
          level: null,
          field: 'kind',
          stored: null,
          derived: EVE,
        },
      ],
    },
  ],
  'plans/plans': [
    list(planVersion, {
      ...planVersion,
      versionId: `${ID}9`,
      status: 'active',
      capBps: null,
      effectiveFrom: AT,
      effectiveTo: AT,
    }),
    list(),
  ],
  'plans/simulation': [
    { plan: { name: EVE, number: 2 }, currency: 'PLN' },
    {
      plan: { name: EVE, number: 2 },
      currency: 'PLN',
      contracts: 3,
      totalBeforeMinor: 100,
      totalAfterMinor: 50,
      partners: [{ partnerId: partner.id, name: EVE, beforeMinor: 100, afterMinor: 50 }],
      changes: [{ contractId: EVE, basisMinor: 1000, asOf: AT, before: lines, after: lines.slice(1) }],
    },
    {
      plan: { name: EVE, number: 2 },
      currency: 'PLN',
      contracts: 1,
      totalBeforeMinor: 0,
      totalAfterMinor: 0,
      partners: [],
      changes: [],
    },
  ],
  'settings/settings': [
    {
      currency: 'PLN',
      locale: 'pl',
      timeZone: 'Europe/Warsaw',
      minimumWithdrawalMinor: 1000,
      minimumWithdrawals: [
        { unit: 'PLN', amountMinor: 1000 },
        { unit: 'PUNKTY', amountMinor: 250 },
      ],
      requireAcceptance: true,
      attributionOrder: ['clientLink', 'seller'],
    },
  ],
  'settings/contract-statuses': [
    [
      { status: 'signed', label: EVE, known: true, action: 'accrue', forecastWeightBps: 10000 },
      { status: 'gone', label: 'gone', known: false, action: 'none', forecastWeightBps: 2550 },
    ],
  ],
  'withdrawals/withdrawals': [
    list(
      withdrawal,
      {
        ...withdrawal,
        balanceTooLow: true,
        blocks: ['BALANCE_TOO_LOW', 'SUSPENDED'],
        note: EVE,
        account: { kind: 'iban', value: 'PL61 •••• 1234', holder: EVE },
      },
      { ...withdrawal, settledBy: EVE, status: 'paid', settledAt: AT, reference: EVE },
      { ...withdrawal, status: 'rejected', settledAt: AT, reason: EVE },
    ),
    list(),
  ],
  'withdrawals/withdrawal': [
    {
      ...withdrawal,
      payable: true,
      account: payoutAccount,
      accountNumber: '52998224725',
      entries,
      previousPayouts: [],
    },
    {
      ...withdrawal,
      balanceTooLow: true,
      blocks: ['SUSPENDED'],
      note: EVE,
      account: null,
      accountNumber: null,
      entries: [],
      previousPayouts: [{ ...withdrawal, status: 'paid', settledAt: AT, settledBy: EVE, reference: EVE }],
    },
    {
      ...withdrawal,
      status: 'rejected',
      settledAt: AT,
      settledBy: EVE,
      reason: EVE,
      account: { ...payoutAccount, kind: 'iban', pixKind: null },
      entries,
      previousPayouts: [],
    },
  ],
  'withdrawals/request': [
    { wallets: [wallet], account: payoutAccount, nextAccount: payoutAccount },
    { wallets: [wallet] },
    { wallets: [], pendingWithdrawal: withdrawal },
    { wallets: [] },
  ],
  'wallets/payout-account': [
    { account: payoutAccount, nextAccount: { ...payoutAccount, pixKind: null, kind: 'iban' } },
    { account: payoutAccount, nextAccount: null },
    { account: null, nextAccount: null },
  ],
  'invitations/invitations': [
    {
      ...list(
        ...['sent', 'opened', 'registered', 'expired', 'revoked', 'bounced'].map((status) => ({
          ...partner,
          id: `${ID}${status.length}`,
          status,
          sentFrom: status === 'sent' ? 'own' : 'program',
          levelZero: status === 'sent',
          sentAt: AT,
          expiresAt: AT,
        })),
      ),
      sender: { sentFrom: 'own', address: EVE },
      suggestion: { subject: EVE, body: EVE, placeholders: 'imie' },
      referralLink: { url: 'https://crm.example/rejestracja/abc', code: 'abc' },
    },
    {
      ...list(),
      sender: { sentFrom: 'program', address: null },
      suggestion: { subject: 'a', body: 'b', placeholders: 'imie' },
      referralLink: { url: 'https://crm.example/rejestracja/abc', code: 'abc' },
    },
  ],
  'invitations/preview': [{ subject: EVE, text: EVE }],
  'invitations/sheet': [true, false].map((levelZero) => ({ url: EVE, code: 'abc', name: EVE, levelZero })),
  'registration/register': [
    {
      firstName: EVE,
      lastName: EVE,
      email: 'a@b.example',
      phone: EVE,
      levelZero: false,
      inviter: { firstName: EVE, lastName: EVE },
      terms,
    },
    { inviter: { firstName: 'Ewa', lastName: EVE }, levelZero: true, terms },
    { inviter: null, levelZero: true, terms },
    { inviter: null, levelZero: true, terms: null },
  ],
  'registration/suppression': [{ email: EVE }],
  'registration/suppressed': [{}],
  'registration/approvals': [list({ ...partner, phone: null, emailConfirmed: false }), list()],
  'notifications/notifications': [
    list(
      { id: '12', at: AT, kind: 'newPartner', text: EVE, href: `/partner-program/partners/${ID}2`, seen: false },
      { id: '7', at: AT, kind: 'commission', text: 'Prowizje', href: '/partner-program', seen: true },
    ),
    list(),
  ],
  'notifications/preferences': [
    {
      data: ['commission', 'withdrawal', 'newPartner', 'terms'].map((kind) => ({ kind, email: true, portal: false })),
    },
  ],
  'notifications/unsubscription': [{ kind: 'terms', email: EVE }],
  'notifications/unsubscribed': [{}],
  'integrity/integrity': [
    {
      ok: false,
      checks: [
        { id: 'L1', ok: true, rows: [] },
        { id: 'L2', ok: false, rows: 3 },
      ],
    },
  ],
  'api-keys/api-keys': [
    {
      ...list(
        {
          id: `${ID}1`,
          name: EVE,
          scopes: ['manageBalances:read', 'configure:write'],
          hint: 'x9Z_',
          createdAt: AT,
          createdByName: EVE,
          expiresAt: AT,
          lastUsedAt: AT,
          revokedAt: null,
          status: 'active',
        },
        {
          id: `${ID}2`,
          name: 'ERP',
          scopes: ['viewAllPartners:read'],
          hint: 'aB-1',
          createdAt: AT,
          createdByName: 'Anna Nowak',
          expiresAt: null,
          lastUsedAt: null,
          revokedAt: AT,
          status: 'revoked',
        },
      ),
      scopes: ['viewAllPartners:read', 'configure:write'],
    },
    { ...list(), scopes: ['viewAllPartners:read'] },
  ],
  'api-keys/new-key': [{ name: EVE, key: 'pp_key' }],
  'webhooks/webhooks': [
    {
      ...list(ENDPOINT, { ...ENDPOINT, id: `${ID}2`, active: false, disabledAt: AT, disabledReason: 'gone' }),
      events: WEBHOOK_EVENTS,
      host: HOST,
    },
    {
      ...list(),
      events: WEBHOOK_EVENTS,
      host: { calculatedAt: null, reconciledAt: null, waiting: 2, lagSeconds: 75, deadJobs: 3 },
    },
  ],
  'webhooks/webhook': [
    {
      ...list(
        DELIVERY,
        {
          ...DELIVERY,
          id: '2',
          status: 'failed',
          attempts: 2,
          lastAttempts: [
            { ...ATTEMPT, number: 2, responseStatus: 500, answer: EVE },
            { ...ATTEMPT, responseStatus: null, answer: 'ECONNREFUSED', durationMs: 0 },
          ],
        },
        {
          ...DELIVERY,
          id: '1',
          type: 'webhook.test',
          status: 'waiting',
          attempts: 0,
          nextAttemptAt: AT,
          lastAttempts: [],
        },
      ),
      endpoint: { ...ENDPOINT, previousUntil: AT },
      failed: 1,
      events: WEBHOOK_EVENTS,
    },
    ...['failing', 'gone'].map((disabledReason) => ({
      ...list(),
      endpoint: { ...ENDPOINT, active: false, disabledAt: AT, disabledReason },
      failed: 0,
      events: WEBHOOK_EVENTS,
    })),
  ],
  'webhooks/secret': [{ id: `${ID}1`, url: `https://example.com/${EVE}`, secret: 'whsec_c2VjcmV0' }],
  'audit/audit': [
    {
      ...list(
        {
          id: '2',
          at: AT,
          actor: { ref: 'user:1', name: EVE },
          action: 'wallet.adjusted',
          object: { type: 'partner', id: `${ID}2`, name: null },
          partner: { id: `${ID}2`, name: EVE },
          before: { balanceMinor: 0 },
          after: { balanceMinor: 100 },
          changes: [{ label: EVE, before: '0,00 zł', after: '1,00 zł' }],
          reason: EVE,
          ip: '127.0.0.1',
          requestId: 'edge-12345678',
        },
        {
          id: '1',
          at: AT,
          actor: { ref: 'recipient', name: null },
          action: 'invitation.revoked',
          object: { type: 'invitation', id: `${ID}3`, name: null },
          partner: null,
          before: null,
          after: null,
          changes: [],
          reason: null,
          ip: null,
          requestId: null,
        },
      ),
      actions: ['wallet.adjusted', 'invitation.revoked'],
    },
    { ...list(), actions: [] },
  ],
  'jobs/jobs': [
    list({ id: '1', kind: 'contract', key: 'contract:1:2', createdAt: AT, attempts: 12, lastError: EVE }),
    list(),
  ],
  error: [
    {
      status: 400,
      code: 'INVALID_INPUT',
      title: 'Nieprawidłowe dane',
      detail: 'Sprawdź pola.',
      errors: [
        { field: 'reason', code: 'MIN', message: EVE },
        { field: EVE, code: 'MIN', message: 'nie' },
      ],
      back: '/partner-program',
    },
    { status: 503, code: 'UNAVAILABLE', title: 'Przerwa', detail: 'Za chwilę.', back: null },
  ],
};
