import { randomUUID } from 'node:crypto';
import { bootApp, type Agent, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { expectIntegrity } from '../../../support/oracle';
import { Office, type Member } from '../../../support/program';
import { BASE, tillOf } from './till';

const { aPartner, adjust, ask, asked, cancel, pay, reject, walletOf } = tillOf(() => office);

let app: TestApp;
let office: Office;
let admin: Agent;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  ({ admin } = office);
});
afterAll(() => app.close());
afterEach(() => expectIntegrity(app.owner));

describe('settling', () => {
  it('[P17] pays: the balance falls by the amount, and the history adds up', async () => {
    const partner = await aPartner(100_00);
    const id = await asked(partner, 40_00);
    const { body } = await pay(id, { reference: 'FT-2026-1' }).expect(201);
    expect(body).toMatchObject({ id, status: 'paid', reference: 'FT-2026-1', settledBy: expect.any(String) as string });
    expect(await walletOf(partner)).toEqual({
      totalMinor: 60_00,
      availableMinor: 60_00,
      heldMinor: 0,
      paidOutMinor: 40_00,
    });
    const entries = await partner.agent.get(`/partner-program/partners/${partner.partnerId}/entries`).expect(200);
    const { data } = entries.body as { data: { kind: string; amountMinor: number; balanceAfterMinor: number }[] };
    expect(data.map(({ kind, amountMinor, balanceAfterMinor }) => [kind, amountMinor, balanceAfterMinor])).toEqual([
      ['payout', -40_00, 60_00],
      ['holdReturn', 40_00, 100_00],
      ['hold', -40_00, 60_00],
      ['adjustment', 100_00, 100_00],
    ]);
    await eventually(async () => {
      const mails = await app.mails();
      expect(mails.find(({ to, subject }) => to === partner.email && subject.includes('40'))).toBeDefined();
    });
  });

  it('[P17] rejects with a reason, and the partner may ask again', async () => {
    const partner = await aPartner(100_00);
    const id = await asked(partner, 40_00);
    await admin.post(`${BASE}/${id}/rejection`).send({}).expect(400);
    await admin.post(`${BASE}/${id}/rejection`).send({ reason: '  no  ' }).expect(400);
    expect((await reject(id).expect(201)).body).toMatchObject({
      status: 'rejected',
      reason: 'The account number is wrong',
    });
    expect(await walletOf(partner)).toMatchObject({ totalMinor: 100_00, availableMinor: 100_00, heldMinor: 0 });
    await asked(partner, 100_00);
  });

  it('[P17] is not for the partner, and a request of somebody else does not exist', async () => {
    const [partner, other] = [await aPartner(100_00), await aPartner(100_00)];
    const id = await asked(partner, 40_00);
    for (const step of ['payout', 'rejection']) await partner.agent.post(`${BASE}/${id}/${step}`).send({}).expect(403);
    await cancel(other, id).expect(404);
    await admin.post(`${BASE}/${id}/cancellation`).send({}).expect(403);
    await other.agent.get(`${BASE}/${id}`).expect(404);
    await pay(randomUUID()).expect(404);
    expect((await other.agent.get(BASE).expect(200)).body).toMatchObject({ data: [], nextCursor: null });
    expect((await partner.agent.get(`${BASE}/${id}`).expect(200)).body).toMatchObject({ id, status: 'pending' });
  });

  it('[P17] [F46] refuses the own request of a holder of manageBalances', async () => {
    const manager = await office.member(undefined, { permissions: ['participate', 'manageBalances'] });
    await adjust(manager, 100_00).expect(201);
    const id = await asked(manager, 40_00);
    for (const [step, body] of [
      ['payout', {}],
      ['rejection', { reason: 'I have changed my mind' }],
    ] as const) {
      const reply = await manager.agent.post(`${BASE}/${id}/${step}`).send(body).expect(403);
      expect(reply.body).toMatchObject({ code: 'OWN_WITHDRAWAL' });
    }
    const bulk = await manager.agent
      .post(`${BASE}/payouts`)
      .send({ ids: [id] })
      .expect(200);
    expect(bulk.body).toMatchObject({ results: [{ id, status: 'refused', code: 'OWN_WITHDRAWAL' }] });
    await cancel(manager, id).expect(201);
  });

  const events = { pay, reject, cancel: (id: string, partner: Member) => cancel(partner, id) } as const;
  const states = { pay: 'paid', reject: 'rejected', cancel: 'cancelled' } as const;
  type Event = keyof typeof events;
  const happen = (event: Event, id: string, partner: Member) =>
    event === 'cancel' ? events.cancel(id, partner) : events[event](id);
  const names = Object.keys(events) as Event[];

  it.each(names.flatMap((first) => names.map((second) => [first, second] as const)))(
    '[F46] [F47] knows one winner of %s and %s at the same moment, and refuses everything after',
    async (first, second) => {
      const partner = await aPartner(100_00);
      const id = await asked(partner, 40_00);
      const pair = [first, second];
      const replies = await Promise.all(pair.map((event) => happen(event, id, partner)));
      expect(replies.map(({ status }) => status).sort()).toEqual([201, 409]);
      const winner = pair[replies.findIndex(({ status }) => status === 201)]!;
      const { body } = await admin.get(`${BASE}/${id}`).expect(200);
      expect(body).toMatchObject({ status: states[winner] });
      expect(await walletOf(partner)).toMatchObject(
        winner === 'pay' ? { totalMinor: 60_00, heldMinor: 0 } : { totalMinor: 100_00, heldMinor: 0 },
      );
      for (const event of names) {
        const refused = await happen(event, id, partner);
        const { settledBy, settledAt } = body as { settledBy: string; settledAt: string };
        expect(refused.status).toBe(409);
        expect(refused.body).toMatchObject({
          code: 'WITHDRAWAL_NOT_PENDING',
          state: states[winner],
          settledBy,
          settledAt,
        });
      }
    },
  );

  it('[F47] is final in the database too, and no state is without its posting', async () => {
    const partner = await aPartner(100_00);
    const id = await asked(partner, 40_00);
    const update = (change: string) =>
      app.owner.query(`update partner_program.withdrawal set ${change} where id = $1`, [id]);
    await expect(update(`amount_minor = 1`)).rejects.toThrow(/never changed/);
    await expect(update(`status = 'paid'`)).rejects.toThrow(/withdrawal_settled/);
    await expect(
      update(`status = 'paid', settled_at = now(), settled_by = 'user:x', settled_by_name = 'X'`),
    ).rejects.toThrow(/is paid without a posting/);
    expect(await walletOf(partner)).toMatchObject({ totalMinor: 100_00, availableMinor: 60_00, heldMinor: 40_00 });
    await pay(id).expect(201);
    await pay(id).expect(409);
    await expect(update(`status = 'pending', settled_at = null`)).rejects.toThrow(/settled once/);
    await expect(app.owner.query('delete from partner_program.withdrawal where id = $1', [id])).rejects.toThrow();
    const [{ payouts }] = await app.owner.query(
      `select count(*)::int as payouts from partner_program.transaction where key = $1`,
      [`withdrawal:${id}:payout`],
    );
    expect(payouts).toBe(1);
  });

  it('[F48] makes up for a payment that came back with a correction; the withdrawal stays paid', async () => {
    const partner = await aPartner(100_00);
    const id = await asked(partner, 40_00);
    await pay(id).expect(201);
    await adjust(partner, 40_00).expect(201);
    expect(await walletOf(partner)).toMatchObject({ totalMinor: 100_00, availableMinor: 100_00 });
    expect((await admin.get(`${BASE}/${id}`)).body).toMatchObject({ status: 'paid' });
    await asked(partner, 40_00);
  });

  it('[F21] tries again when the database asks for it, and pays once', async () => {
    const partner = await aPartner(100_00);
    const id = await asked(partner, 40_00);
    await app.owner.query(`
      create sequence public.storms; grant usage on sequence public.storms to public;
      create function public.storm() returns trigger language plpgsql as $$
      begin
        if nextval('public.storms') <= 2 then raise exception 'storm' using errcode = '40001'; end if;
        return new;
      end $$;
      create trigger storm before update on partner_program.withdrawal for each row execute function public.storm()`);
    await pay(id).expect(201);
    await app.owner.query(`drop trigger storm on partner_program.withdrawal`);
    expect(await walletOf(partner)).toMatchObject({ totalMinor: 60_00, paidOutMinor: 40_00 });
  });
});

describe('[Q4] [F33] a reversal after the payout', () => {
  it('takes the wallet below zero, stops withdrawals, and is made up for by the next commission', async () => {
    const partner = await aPartner(0);
    await office.levels(1_000);
    const sold = await office.contract(partner, 1_000_00);
    await office.status(sold, 'signed');
    await office.settled();
    await pay(await asked(partner, 100_00)).expect(201);
    await office.status(sold, 'cancelled');
    await office.settled();
    expect(await walletOf(partner)).toMatchObject({ totalMinor: -100_00, availableMinor: -100_00 });
    expect((await ask(partner, 10_00).expect(422)).body).toMatchObject({
      code: 'INSUFFICIENT_FUNDS',
      availableMinor: -100_00,
    });
    await office.status(await office.contract(partner, 1_500_00), 'signed');
    await office.settled();
    expect(await walletOf(partner)).toMatchObject({ availableMinor: 50_00 });
    await asked(partner, 50_00);
  });

  it('refuses to pay a request that the balance no longer covers, while rejecting it is possible', async () => {
    const partner = await aPartner(0);
    await office.levels(1_000);
    const sold = await office.contract(partner, 1_000_00);
    await office.status(sold, 'signed');
    await office.settled();
    const id = await asked(partner, 60_00);
    await office.status(sold, 'cancelled');
    await office.settled();
    expect(await walletOf(partner)).toMatchObject({ totalMinor: 0, availableMinor: -60_00, heldMinor: 60_00 });
    const list = await admin.get(`${BASE}?status=pending&limit=100`).expect(200);
    const row = (list.body as { data: { id: string; balanceTooLow: boolean }[] }).data.find((one) => one.id === id);
    expect(row?.balanceTooLow).toBe(true);
    expect((await pay(id).expect(422)).body).toMatchObject({ code: 'INSUFFICIENT_FUNDS', availableMinor: -60_00 });
    await reject(id).expect(201);
    expect(await walletOf(partner)).toMatchObject({ totalMinor: 0, availableMinor: 0, heldMinor: 0 });
  });
});
