import type { Member, Office } from '../../../support/program';

export const BASE = '/partner-program/withdrawals';

export interface Wallet {
  readonly totalMinor: number;
  readonly availableMinor: number;
  readonly heldMinor: number;
  readonly paidOutMinor: number;
}

/** What people do with money in a test, through the HTTP API of an office that opens later. */
export function tillOf(office: () => Office) {
  const ask = ({ agent }: Member, amountMinor: unknown, fields: object = {}) =>
    agent.post(BASE).send({ amountMinor, currency: 'PLN', ...fields });
  const adjust = ({ partnerId }: Member, amountMinor: number) =>
    office()
      .admin.post(`/partner-program/partners/${partnerId}/adjustments`)
      .send({ amountMinor, currency: 'PLN', reason: 'Bonus agreed upon by telephone' });
  return {
    ask,
    adjust,
    asked: async (partner: Member, amountMinor: number): Promise<string> =>
      ((await ask(partner, amountMinor).expect(201)).body as { id: string }).id,
    aPartner: async (availableMinor: number): Promise<Member> => {
      const partner = await office().member();
      if (availableMinor > 0) await adjust(partner, availableMinor).expect(201);
      return partner;
    },
    walletOf: async ({ partnerId }: Member): Promise<Wallet> => {
      const { body } = await office().admin.get(`/partner-program/partners/${partnerId}/wallets`).expect(200);
      const { totalMinor, availableMinor, heldMinor, paidOutMinor } = (body as { data: Wallet[] }).data[0]!;
      return { totalMinor, availableMinor, heldMinor, paidOutMinor };
    },
    pay: (id: string, body: object = {}) => office().admin.post(`${BASE}/${id}/payout`).send(body),
    reject: (id: string) =>
      office().admin.post(`${BASE}/${id}/rejection`).send({ reason: 'The account number is wrong' }),
    cancel: ({ agent }: Member, id: string) => agent.post(`${BASE}/${id}/cancellation`).send({}),
  };
}
