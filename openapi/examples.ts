/** A request and its answer, as small as they can be and still be true. */
interface Example {
  readonly request?: unknown;
  readonly answer?: unknown;
}

const AT = '2026-03-14T09:26:53.589Z';
const PARTNER = '0190b6d5-7c3e-7000-8000-000000000002';
const WITHDRAWAL = '0190b6d5-7c3e-7000-8000-000000000008';

/** Of the operations that people start with, by their ids. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  join: { request: { termsVersionId: '0190b6d5-7c3e-7000-8000-000000000004' } },
  invite: {
    request: {
      firstName: 'Łucja',
      lastName: 'Nowak',
      email: 'lucja@firma.example',
      subject: 'Zaproszenie do programu partnerskiego',
      body: 'Cześć {imie}, zapraszam Cię do programu.',
    },
  },
  requestWithdrawal: {
    request: { amountMinor: 50_000, currency: 'PLN' },
    answer: {
      id: WITHDRAWAL,
      partnerId: PARTNER,
      name: 'Łucja Nowak',
      amountMinor: 50_000,
      currency: 'PLN',
      status: 'pending',
      note: null,
      account: { kind: 'iban', value: 'PL61 •••• 2874', pixKind: null, holder: 'Łucja Nowak' },
      requestedAt: AT,
      settledAt: null,
      settledBy: null,
      reason: null,
      reference: null,
    },
  },
  payWithdrawal: { request: { reference: 'Przelew 2026/03/14' } },
  rejectWithdrawal: { request: { reason: 'The account number does not belong to the partner.' } },
  adjustWallet: { request: { amountMinor: -1_500, currency: 'PLN', reason: 'Charged twice in February' } },
  movePartner: { request: { sponsorId: PARTNER, reason: 'Changed teams', effectiveAt: AT } },
  suspendPartner: { request: { reason: 'Under investigation' } },
  draftPlan: {
    request: {
      name: 'Standard',
      currency: 'PLN',
      kind: 'levels',
      levels: [
        { level: 0, rateBps: 500 },
        { level: 1, rateBps: 200 },
        { level: 2, amountMinor: 1_500 },
      ],
      compression: 'none',
      holdingDays: 14,
    },
  },
  activatePlan: { request: { effectiveFrom: AT } },
  simulatePlan: { request: { from: '2026-01-01T00:00:00.000Z', to: AT } },
  setContractStatuses: {
    request: [
      { status: 'signed', action: 'accrue' },
      { status: 'cancelled', action: 'reverse' },
    ],
  },
  changeSettings: { request: { minimumWithdrawalMinor: 10_000 } },
  listWallets: {
    answer: {
      data: [
        {
          currency: 'PLN',
          totalMinor: 317_502,
          heldMinor: 50_000,
          availableMinor: 267_502,
          maturingMinor: 12_000,
          paidOutMinor: 0,
          version: 12,
        },
      ],
      nextCursor: null,
    },
  },
};
