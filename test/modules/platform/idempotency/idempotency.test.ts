import { bootApp, type Agent, type TestApp } from '../../../support/app';
import { expectIntegrity } from '../../../support/oracle';
import { Office, type Member } from '../../../support/program';

const BASE = '/partner-program/withdrawals';
const REASON = 'Bonus agreed upon by telephone';

let app: TestApp;
let office: Office;
let admin: Agent;
let keys = 0;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  ({ admin } = office);
});
afterAll(() => app.close());
afterEach(() => expectIntegrity(app.owner));

const newKey = () => `key-${++keys}`;
const send = (agent: Agent, path: string, body: object, key: string) =>
  agent.post(path).set('Idempotency-Key', key).send(body);
const adjustments = ({ partnerId }: Member) => `/partner-program/partners/${partnerId}/adjustments`;

async function aPartner(amountMinor = 0): Promise<Member> {
  const partner = await office.member();
  const change = { amountMinor, currency: 'PLN', reason: REASON };
  if (amountMinor > 0) await admin.post(adjustments(partner)).send(change).expect(201);
  return partner;
}

describe('[F45] a repeated request', () => {
  it('gets the first answer, byte for byte, for everything that moves money', async () => {
    const partner = await aPartner(500_00);
    const ask = { amountMinor: 40_00, currency: 'PLN' };
    const twice = async (agent: Agent, path: string, body: object, status: number) => {
      const key = newKey();
      const first = await send(agent, path, body, key).expect(status);
      const second = await send(agent, path, body, key).expect(status);
      expect(second.text).toBe(first.text);
      return first.body as { id: string };
    };
    const cancelled = await twice(partner.agent, BASE, ask, 201);
    await twice(partner.agent, `${BASE}/${cancelled.id}/cancellation`, {}, 201);
    const paid = await twice(partner.agent, BASE, ask, 201);
    await twice(admin, `${BASE}/${paid.id}/payout`, { reference: 'FT 1' }, 201);
    const rejected = await twice(partner.agent, BASE, ask, 201);
    await twice(admin, `${BASE}/${rejected.id}/rejection`, { reason: REASON }, 201);
    const inBulk = await twice(partner.agent, BASE, ask, 201);
    await twice(admin, `${BASE}/payouts`, { ids: [inBulk.id, cancelled.id] }, 200);
    await twice(admin, adjustments(partner), { amountMinor: -20_00, currency: 'PLN', reason: REASON }, 201);
    expect(await office.available(partner)).toEqual([400_00]);
  });

  it('is done once by fifty at the same moment', async () => {
    const partner = await aPartner();
    const key = newKey();
    const change = { amountMinor: 10_00, currency: 'PLN', reason: REASON };
    const replies = await Promise.all(Array.from({ length: 50 }, () => send(admin, adjustments(partner), change, key)));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    expect(await office.available(partner)).toEqual([10_00]);
  });

  it('pays many once, however often and however parallel it comes', async () => {
    const partners = [await aPartner(50_00), await aPartner(50_00)];
    const ids: string[] = [];
    for (const { agent } of partners) {
      const { body } = await agent.post(BASE).send({ amountMinor: 20_00, currency: 'PLN' }).expect(201);
      ids.push((body as { id: string }).id);
    }
    const key = newKey();
    const replies = await Promise.all(Array.from({ length: 8 }, () => send(admin, `${BASE}/payouts`, { ids }, key)));
    for (const { body } of replies) expect(body).toMatchObject({ results: ids.map((id) => ({ id, status: 'paid' })) });
    expect(await office.available(...partners)).toEqual([30_00, 30_00]);
    await send(admin, `${BASE}/payouts`, { ids: ids.slice(1) }, key).expect(422);
  });

  it('goes on where a payout of many was cut off', async () => {
    const partners = [await aPartner(50_00), await aPartner(50_00)];
    const ids: string[] = [];
    for (const { agent } of partners) {
      const { body } = await agent.post(BASE).send({ amountMinor: 20_00, currency: 'PLN' }).expect(201);
      ids.push((body as { id: string }).id);
    }
    const key = newKey();
    await app.owner.query(`
      create function public.cut() returns trigger language plpgsql as $$
      begin raise exception 'cut off'; end $$;
      create trigger cut before update on partner_program.withdrawal for each row when (old.id = '${ids[1]}')
        execute function public.cut()`);
    await send(admin, `${BASE}/payouts`, { ids }, key).expect(500);
    await app.owner.query('drop trigger cut on partner_program.withdrawal; drop function public.cut()');
    expect(await office.available(...partners)).toEqual([30_00, 30_00]);
    const { body } = await send(admin, `${BASE}/payouts`, { ids }, key).expect(200);
    expect(body).toMatchObject({ results: ids.map((id) => ({ id, status: 'paid' })) });
  });

  it('is refused with another body; the order of its fields does not matter', async () => {
    const partner = await aPartner();
    const key = newKey();
    const change = { amountMinor: 10_00, currency: 'PLN', reason: REASON };
    await send(admin, adjustments(partner), change, key).expect(201);
    const { body } = await send(admin, adjustments(partner), { ...change, amountMinor: 10_01 }, key).expect(422);
    expect(body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await send(admin, adjustments(partner), { reason: REASON, currency: 'PLN', amountMinor: 10_00 }, key).expect(201);
    expect(await office.available(partner)).toEqual([10_00]);
  });

  it('is another one under the same key of another person or at another address', async () => {
    const [one, two] = [await aPartner(100_00), await aPartner(100_00)];
    const key = newKey();
    const ask = { amountMinor: 40_00, currency: 'PLN' };
    const first = await send(one.agent, BASE, ask, key).expect(201);
    const second = await send(two.agent, BASE, ask, key).expect(201);
    expect((second.body as { id: string }).id).not.toBe((first.body as { id: string }).id);
    const change = { amountMinor: 10_00, currency: 'PLN', reason: REASON };
    for (const partner of [one, two]) await send(admin, adjustments(partner), change, key).expect(201);
    expect(await office.available(one, two)).toEqual([70_00, 70_00]);
  });

  it('is tried anew when it was refused: what changed nothing is not remembered', async () => {
    const partner = await aPartner(20_00);
    const key = newKey();
    const ask = { amountMinor: 40_00, currency: 'PLN' };
    await send(partner.agent, BASE, ask, key).expect(422);
    await admin.post(adjustments(partner)).send({ amountMinor: 50_00, currency: 'PLN', reason: REASON }).expect(201);
    await send(partner.agent, BASE, ask, key).expect(201);
  });

  it('[F2] gets the answer of an effect whose answer was lost', async () => {
    const partner = await aPartner(100_00);
    const key = newKey();
    const ask = { amountMinor: 40_00, currency: 'PLN' };
    const lost = send(partner.agent, BASE, ask, key).timeout({ deadline: 1 });
    await expect(lost).rejects.toThrow();
    const { body } = await send(partner.agent, BASE, ask, key).expect(201);
    expect(body).toMatchObject({ status: 'pending', amountMinor: 40_00 });
    const [{ count }] = await app.owner.query(
      'select count(*)::int from partner_program.withdrawal where partner_id = $1',
      [partner.partnerId],
    );
    expect(count).toBe(1);
  });

  it('refuses a key that cannot be kept', async () => {
    const partner = await aPartner(100_00);
    const ask = { amountMinor: 40_00, currency: 'PLN' };
    expect((await send(partner.agent, BASE, ask, 'k'.repeat(256)).expect(400)).body).toMatchObject({
      errors: [{ field: 'Idempotency-Key' }],
    });
    await send(partner.agent, BASE, ask, 'k'.repeat(255)).expect(201);
  });

  it('[Q12] is known by the hidden field of its form', async () => {
    const partner = await aPartner();
    const form = { amountMinor: '10,00', currency: 'PLN', reason: REASON, idempotencyKey: newKey() };
    const post = () =>
      admin.post(adjustments(partner)).type('form').set({ accept: 'text/html', 'accept-language': 'pl' }).send(form);
    const location = `/partner-program/partners/${partner.partnerId}?done=saved`;
    await post().expect(303).expect('location', location);
    await post().expect(303).expect('location', location);
    expect(await office.available(partner)).toEqual([10_00]);
  });
});
