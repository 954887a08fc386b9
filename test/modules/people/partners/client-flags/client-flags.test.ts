import { bootApp, type TestApp } from '../../../../support/app';
import { type Member, Office } from '../../../../support/program';
import { anAccount, codeOf } from '../../accounts/account-builder';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
});
afterAll(() => app.close());

async function client(fields: object = {}): Promise<string> {
  const { body } = await office.admin
    .post('/crm/clients')
    .send({ name: 'Jan Kos', ...fields })
    .expect(201);
  return (body as { id: string }).id;
}
const link = ({ partnerId }: Pick<Member, 'partnerId'>, clientId: string | null) =>
  office.admin.put(`/partner-program/partners/${partnerId}/client`).send({ clientId });
async function flagged(...ids: string[]): Promise<(string | undefined)[]> {
  const { body } = await office.admin
    .get('/partner-program/clients/flags')
    .query({ ids: ids.join(',') })
    .expect(200);
  const { data } = body as { data: { clientId: string; partnerId: string }[] };
  return ids.map((id) => data.find(({ clientId }) => clientId === id)?.partnerId);
}

describe('[P18] the clients who are partners', () => {
  it('are those linked by their id first, then those of a confirmed address, and never those of the same name', async () => {
    const [byEmail, linked] = [
      await anAccount(app),
      await office.member(undefined, { firstName: 'Jan', lastName: 'Kos' }),
    ];
    const [withEmail, withId, namesake] = [await client({ email: byEmail.email }), await client(), await client()];
    expect(await flagged(withEmail, withId, namesake)).toEqual([byEmail.partnerId, undefined, undefined]);
    await link(linked, withId).expect(200);
    expect(await flagged(withEmail, withId, namesake)).toEqual([byEmail.partnerId, linked.partnerId, undefined]);

    await link(linked, withEmail).expect(200);
    expect(await flagged(withEmail, withId)).toEqual([linked.partnerId, undefined]);
    await link(byEmail, withId).expect(200);
    expect(await flagged(withEmail, withId)).toEqual([linked.partnerId, byEmail.partnerId]);
    await link(linked, null).expect(200);
    expect(await flagged(withEmail, withId)).toEqual([undefined, byEmail.partnerId]);
  });

  it('are one partner each, known to the CRM, and linked by those who configure', async () => {
    const [one, other] = [await office.member(), await office.member()];
    const id = await client();
    await link(one, id).expect(200);
    expect(codeOf(await link(other, id).expect(409))).toBe('CLIENT_TAKEN');
    expect(codeOf(await link(other, 'no such client').expect(422))).toBe('CLIENT_UNKNOWN');
    await one.agent.put(`/partner-program/partners/${one.partnerId}/client`).send({ clientId: null }).expect(403);
    const seen = await office.admin.get(`/partner-program/partners/${one.partnerId}`).expect(200);
    expect(seen.body).toMatchObject({ clientId: id });
    const own = await one.agent.get(`/partner-program/partners/${one.partnerId}`).expect(200);
    expect(own.body).not.toHaveProperty('clientId');
  });
});
