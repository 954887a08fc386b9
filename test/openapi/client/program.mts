/**
 * A program as somebody writes it who has nothing but the document: join, look at a contract, ask for a payout, pay it.
 * It is compiled against the types that `openapi-typescript` makes of openapi.json (`./api.js`).
 */
import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

const { BASE_URL, SELLER, CASHIER, CONTRACT } = process.env as Record<string, string>;
const as = (cookie: string | undefined) =>
  createClient<paths, 'application/json' | 'application/problem+json'>({ baseUrl: BASE_URL, headers: { cookie } });
const [seller, cashier] = [as(SELLER), as(CASHIER)];

/** What an operation answered. @throws for a problem, by its code */
function told<Data>({ data, error }: { data?: Data; error?: components['schemas']['Problem'] }): Data {
  if (error) throw new Error(`${error.status} ${error.code}: ${error.detail}`);
  return data!;
}

const { eligible, terms } = told(await seller.GET('/partner-program/membership'));
if (!eligible || !terms) throw new Error('The seller should be able to join.');
const { partner } = told(
  await seller.POST('/partner-program/membership', { body: { termsVersionId: terms.versionId } }),
);

const preview = told(
  await cashier.GET('/partner-program/contracts/{contractId}/commission-preview', {
    params: { path: { contractId: CONTRACT! }, query: { amountMinor: 1_000_00 } },
  }),
);
const own: number | undefined = preview.lines.find(({ level }) => level === 0)?.amountMinor;

const path = { id: partner.id };
const { wallet } = told(
  await cashier.POST('/partner-program/partners/{id}/adjustments', {
    params: { path, header: { 'Idempotency-Key': 'welcome' } },
    body: { amountMinor: 50_00, currency: 'PLN', reason: 'A welcome to the program' },
  }),
);

const ask = { body: { amountMinor: 20_00, currency: 'PLN' } } as const;
const withdrawal = told(await seller.POST('/partner-program/withdrawals', ask));
const { error: refused } = await seller.POST('/partner-program/withdrawals', ask);
const pendingId = refused && 'withdrawalId' in refused ? refused.withdrawalId : undefined;

const paid = told(
  await cashier.POST('/partner-program/withdrawals/{id}/payout', {
    params: { path: { id: withdrawal.id } },
    body: { reference: 'Transfer 1' },
  }),
);
const wallets = told(await seller.GET('/partner-program/partners/{id}/wallets', { params: { path } }));

// @ts-expect-error a withdrawal needs a currency
void (() => seller.POST('/partner-program/withdrawals', { body: { amountMinor: 1 } }));
// @ts-expect-error there is no such status
void (withdrawal.status === 'settled');

process.stdout.write(
  JSON.stringify({
    own,
    before: wallet.availableMinor,
    pendingIsMine: pendingId === withdrawal.id,
    code: refused?.code,
    status: paid.status,
    after: wallets.data.map(({ availableMinor, paidOutMinor }) => ({ availableMinor, paidOutMinor })),
  }),
);
