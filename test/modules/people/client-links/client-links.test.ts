import { bootApp, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { expectIntegrity } from '../../../support/oracle';
import { type Member, Office } from '../../../support/program';

const LINKS = '/partner-program/client-links';
const REVIEWS = '/partner-program/reviews';

let app: TestApp;
let office: Office;
let director: Member;
let partner: Member;
let rival: Member;
let seller: Member;
let count = 0;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 300);
  director = await office.member();
  partner = await office.member(director);
  rival = await office.member();
  seller = await office.member();
});
afterAll(async () => {
  await expectIntegrity(app.owner);
  await app.close();
});

const refer = async ({ agent }: Member, fields: object = {}) =>
  (
    await agent
      .post(LINKS)
      .send({ name: 'Nowa Firma', email: `biuro${++count}@firma.example`, ...fields })
      .expect(201)
  ).body.id as string;
const client = async (fields: object = {}) =>
  (
    await office.admin
      .post('/crm/clients')
      .send({ name: `Klient ${++count}`, ...fields })
      .expect(201)
  ).body.id as string;
const approve = (id: string, clientId: string) => office.admin.post(`${LINKS}/${id}/approval`).send({ clientId });
const own = async ({ agent }: Member) => (await agent.get(LINKS).expect(200)).body.data as Record<string, unknown>[];
/** Signs a contract of the client, sold by somebody else; who got what. */
async function signed(clientId: string): Promise<{ attribution: Record<string, unknown>; lines: number[] }> {
  const contract = await office.contract(seller, 1_000_00, { clientId });
  await office.status(contract, 'signed');
  await office.settled();
  const { body } = await office.admin.get(`/partner-program/contracts/${contract}/commission-preview`).expect(200);
  return {
    attribution: body.attribution,
    lines: (body.posted as { amountMinor: number }[]).map(({ amountMinor }) => amountMinor),
  };
}

describe('[P20] a referred client', () => {
  it('credits the partner and the uplines from the approval until the end', async () => {
    const clientId = await client();
    const id = await refer(partner, { taxId: '525-000-99-33', phone: '+48 600 700 800', note: 'Z targów' });
    expect(await own(partner)).toMatchObject([
      { id, state: 'submitted', name: 'Nowa Firma', phone: '+48600700800', taxId: '5250009933', validFrom: null },
    ]);
    expect((await signed(clientId)).attribution).toMatchObject({ source: 'seller', partnerId: seller.partnerId });

    const { body } = await approve(id, clientId).expect(201);
    expect(Date.parse(body.validFrom)).not.toBeNaN();
    const credited = await signed(clientId);
    expect(credited.attribution).toMatchObject({ source: 'clientLink', partnerId: partner.partnerId });
    expect(credited.lines).toEqual([100_00, 30_00]);
    expect(await office.available(partner, director)).toEqual([100_00, 30_00]);

    await office.admin.post(`${LINKS}/${id}/ending`).send({ reason: 'Umowa wygasła' }).expect(201);
    expect((await signed(clientId)).attribution).toMatchObject({ source: 'seller' });
    expect(await own(partner)).toMatchObject([
      { state: 'ended', reason: 'Umowa wygasła', validTo: expect.any(String) },
    ]);
  });

  it('is forecast for the partner before anything is signed', async () => {
    const clientId = await client();
    await approve(await refer(partner), clientId).expect(201);
    await office.contract(seller, 2_000_00, { clientId, number: 'U/prognoza' });
    await office.settled();
    for (const [member, amountMinor] of [
      [partner, 200_00],
      [director, 60_00],
    ] as const) {
      const { body } = await member.agent.get('/partner-program/commissions?search=U/prognoza').expect(200);
      expect(body.data).toMatchObject([{ state: 'forecast', attribution: 'clientLink', amountMinor }]);
    }
  });

  it('is rejected with a reason, which the partner reads, also in a mail', async () => {
    const id = await refer(partner);
    await office.admin.post(`${LINKS}/${id}/rejection`).send({ reason: 'ab' }).expect(400);
    await office.admin.post(`${LINKS}/${id}/rejection`).send({ reason: 'To nasz stały klient' }).expect(201);
    expect((await own(partner)).find((link) => link['id'] === id)).toMatchObject({
      state: 'rejected',
      reason: 'To nasz stały klient',
    });
    await eventually(async () => {
      const mails = (await app.mails()).filter(({ subject }) => subject.includes('Nie przyjęliśmy polecenia'));
      expect(mails.map(({ text }) => text)).toEqual([expect.stringContaining('To nasz stały klient')]);
    });
    expect((await approve(id, await client()).expect(409)).body.code).toBe('ALREADY_DECIDED');
    await office.admin.post(`${LINKS}/${id}/rejection`).send({ reason: 'Jeszcze raz' }).expect(409);
    await office.admin.post(`${LINKS}/${id}/ending`).send({ reason: 'Nigdy nie był' }).expect(409);
  });

  it('is referred once by each, and the answer tells nobody that another has', async () => {
    const email = 'ten.sam@firma.example';
    await refer(partner, { email });
    const again = await partner.agent.post(LINKS).send({ name: 'Inaczej', email: 'Ten.Sam@firma.example' }).expect(409);
    expect(again.body.code).toBe('ALREADY_LINKED');
    await refer(partner, { email: null, phone: '600 100 200' });
    await partner.agent.post(LINKS).send({ name: 'Inaczej', phone: '600-100-200' }).expect(409);
    await refer(rival, { email });
    await refer(rival, { email: 'znany@klient.example' });
  });

  it('has one partner at a time: of twenty approvals at once one holds', async () => {
    const clientId = await client();
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push(await refer(n % 2 ? partner : rival));
    const replies = await Promise.all(ids.map((id) => approve(id, clientId)));
    expect(replies.map(({ status }) => status).toSorted()).toEqual([201, ...Array<number>(19).fill(409)]);
    expect(new Set(replies.map(({ body }) => (body as { code?: string }).code))).toEqual(
      new Set([undefined, 'CLIENT_BONDED']),
    );
  });

  it.each([
    ['SELF_REFERRAL', 422, () => ({ email: partner.email.toUpperCase() })],
    ['INVALID_INPUT', 400, () => ({ email: null })],
    ['INVALID_INPUT', 400, () => ({ email: 'nikt' })],
    ['INVALID_INPUT', 400, () => ({ name: ' ' })],
    ['INVALID_INPUT', 400, () => ({ phone: 'zadzwoń' })],
    ['INVALID_INPUT', 400, () => ({ clientId: 'x' })],
  ])('is refused as %s (%i)', async (code, status, fields) => {
    const referral = { name: 'Firma', email: `x${++count}@firma.example`, ...fields() };
    expect((await partner.agent.post(LINKS).send(referral).expect(status)).body.code).toBe(code);
  });

  it('says in the person’s language which of its fields is missing', async () => {
    const { body } = await partner.agent.post(LINKS).send({ name: 'Firma' }).expect(400);
    expect(body.errors).toEqual([
      {
        field: 'email',
        code: 'EMAIL_OR_PHONE',
        message: expect.stringMatching(/e-mail albo telefon|e-mail address or/),
      },
    ]);
  });

  it.each([
    `set name = 'Inna'`,
    `set partner_id = (select id from partner_program.partner where id <> partner_id limit 1)`,
    `set status = 'submitted', client_id = null, valid = null, decided_at = null, decided_by = null`,
    `set valid = tstzrange(lower(valid) - interval '1 day', null)`,
  ])('keeps its course in the database: %s', async (change) => {
    await expect(
      app.owner.query(`update partner_program.client_link ${change} where status = 'approved'`),
    ).rejects.toMatchObject({ code: '23001' });
  });

  it('is not the partner, and nobody decides about the own one', async () => {
    const id = await refer(partner);
    expect((await approve(id, await client({ email: partner.email })).expect(422)).body.code).toBe('SELF_REFERRAL');
    expect((await approve(id, 'nobody').expect(422)).body.code).toBe('CLIENT_UNKNOWN');
    const boss = await office.member(undefined, { permissions: ['participate', 'configure'] });
    const theirs = await refer(boss);
    const refused = await boss.agent
      .post(`${LINKS}/${theirs}/approval`)
      .send({ clientId: await client() })
      .expect(403);
    expect(refused.body.code).toBe('OWN_CLIENT_LINK');
    await office.admin.post(`${LINKS}/${partner.partnerId}/approval`).send({ clientId: 'x' }).expect(404);
  });

  it('waits in one queue, the oldest first, page by page', async () => {
    const { body } = await office.admin.get(`${REVIEWS}?limit=2`).expect(200);
    expect(body.kinds.clientLink).toBeGreaterThan(4);
    const next = (await office.admin.get(`${REVIEWS}?limit=100&cursor=${body.nextCursor}`).expect(200)).body;
    const all = [...body.data, ...next.data] as { id: string; submittedAt: string; partner: { name: string } }[];
    expect(all).toHaveLength(body.kinds.clientLink);
    expect(all.map(({ submittedAt }) => submittedAt)).toEqual(all.map(({ submittedAt }) => submittedAt).toSorted());
    expect(all[0]!.partner.name).toContain('Jan');
    const running = (await office.admin.get(`${REVIEWS}?kind=running`).expect(200)).body;
    expect(running.data.map(({ state }: { state: string }) => state)).toEqual(['approved', 'approved']);
    await office.admin.get(`${REVIEWS}?cursor=x`).expect(400);
    await partner.agent.get(REVIEWS).expect(403);
  });

  it('is known to the audit log by its states', async () => {
    const { body } = await office.admin.get('/partner-program/audit?objectType=clientLink&limit=100').expect(200);
    const actions = new Set((body.data as { action: string }[]).map(({ action }) => action));
    expect([...actions].toSorted()).toEqual([
      'clientLink.approved',
      'clientLink.ended',
      'clientLink.rejected',
      'clientLink.submitted',
    ]);
  });

  it('[Q3] leaves commissions that can be derived again', async () => {
    const { body } = await office.admin.get('/partner-program/rederivation').expect(200);
    expect(body).toMatchObject({ ok: true, differences: [] });
  });
});
