import { RederivationService } from '../../../../modules/money/commissions/rederivation/rederivation.service';
import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { type Member, Office } from '../../../support/program';

let app: TestApp;
let office: Office;
let boss: Member;
let seller: Member;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(500, 200);
  await office.plan({ currency: 'EUR', kind: 'levels', levels: [{ level: 0, rateBps: 1000 }] });
});
beforeEach(async () => {
  boss = await office.member();
  seller = await office.member(boss);
});
afterEach(async () => {
  expect(await app.nest.get(RederivationService).check()).toMatchObject({ differences: [] });
});
afterAll(() => app.close());

const tell = (id: string, change: object, status = 201) =>
  office.admin
    .post(`/crm/contracts/${id}/status`)
    .send(change)
    .expect((reply) => {
      if (status === 201 ? reply.status >= 300 : reply.status !== status)
        throw new Error(`${reply.status} ${reply.text}`);
    });
const signed = async (valueMinor: number) => {
  const id = await office.contract(seller, valueMinor);
  await office.status(id, 'signed');
  return id;
};
const walletOf = async ({ agent, partnerId }: Member, currency: string) => {
  const { body } = await agent.get(`/partner-program/partners/${partnerId}/wallets`).expect(200);
  const wallets = (body as { data: { currency: string; availableMinor: number }[] }).data;
  return wallets.find((wallet) => wallet.currency === currency)?.availableMinor ?? 0;
};

describe('[Q4] a refund told as an amount', () => {
  it('takes back the exact share of everybody, to the grosz', async () => {
    const id = await signed(300_000_00);
    await office.settled();
    expect(await office.available(seller, boss)).toEqual([15_000_00, 6_000_00]);
    await tell(id, { status: 'refunded', refundMinor: 1_234_56 });
    await office.settled();
    // 61,728 and 24,6912 are floored in what is taken back.
    expect(await office.available(seller, boss)).toEqual([15_000_00 - 61_72, 6_000_00 - 24_69]);
    await tell(id, { status: 'refunded', refundMinor: 1_00 });
    await tell(id, { status: 'refunded', refundBps: 5_000 });
    await office.settled();
    const rest = 300_000_00 * 0.5 - 1_235_56;
    await tell(id, { status: 'refunded', refundMinor: rest });
    await office.settled();
    expect(await office.available(seller, boss)).toEqual([0, 0]);

    await office.status(id, 'signed');
    await office.settled();
    expect(await office.available(seller, boss)).toEqual([15_000_00, 6_000_00]);
  });

  it('is explained as the amount', async () => {
    const id = await signed(1_000_00);
    await tell(id, { status: 'refunded', refundMinor: 33_00 });
    await office.settled();
    const entries = await seller.agent.get(`/partner-program/partners/${seller.partnerId}/entries?kind=reversal`);
    const [entry] = (entries.body as { data: { id: string; amountMinor: number }[] }).data;
    expect(entry!.amountMinor).toBe(-1_65);
    const path = `/partner-program/partners/${seller.partnerId}/entries/${entry!.id}/explanation`;
    const { body } = await seller.agent.get(path).expect(200);
    expect(JSON.stringify(body)).toContain('"reversedMinor":3300');
    const page = await seller.agent.get(path).set('accept', 'text/html').expect(200);
    expect(page.text).toMatch(/Cofnięto zwrot 33,00.zł/);
  });

  it('is refused above the value, beside a share, and where it is none', async () => {
    const id = await signed(100_00);
    for (const change of [
      { refundMinor: 100_01 },
      { refundMinor: 10, refundBps: 10 },
      { refundMinor: 0 },
      { refundMinor: -5 },
      { refundMinor: 1.5 },
    ]) {
      await tell(id, { status: 'refunded', ...change }, 400);
    }
    await office.settled();
    expect(await office.available(seller)).toEqual([5_00]);
  });
});

describe('[P12] [F31] a corrected currency', () => {
  it('takes the old commission back and pays the new one by the plan of its currency', async () => {
    const id = await signed(1_000_00);
    await office.settled();
    expect(await office.available(seller, boss)).toEqual([50_00, 20_00]);
    await app.owner.query(`update crm.contract set currency = 'EUR', value_minor = 25000 where id = $1`, [id]);
    await office.admin.patch(`/crm/contracts/${id}`).send({ valueMinor: 250_01 }).expect(200);
    await office.settled();
    expect(await office.available(seller, boss)).toEqual([0, 0]);
    expect([await walletOf(seller, 'EUR'), await walletOf(boss, 'EUR')]).toEqual([25_00, 0]);
    const preview = await office.admin.get(`/partner-program/contracts/${id}/commission-preview`).expect(200);
    expect(preview.body).toMatchObject({ state: 'posted', basis: { amountMinor: 250_01, currency: 'EUR' } });
    await office.status(id, 'cancelled');
    await office.settled();
    expect(await walletOf(seller, 'EUR')).toBe(0);
  });
});
