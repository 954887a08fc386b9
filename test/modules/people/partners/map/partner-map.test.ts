import { DataSource } from 'typeorm';
import { MAX_ON_MAP } from '../../../../../modules/people/partners/map/partner-map.service';
import { PartnersService } from '../../../../../modules/people/partners/partners.service';
import { bootApp, type Agent, type TestApp } from '../../../../support/app';
import { type Member, Office } from '../../../../support/program';

let app: TestApp;
let office: Office;
let director: Member;
let manager: Member;
let seller: Member;
let other: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  director = await office.member();
  manager = await office.member(director);
  seller = await office.member(manager);
  other = await office.member();
});
afterAll(() => app.close());

const map = async (agent: Agent, query = '') =>
  (await agent.get(`/partner-program/partners/map${query}`).expect(200)).body;
const ids = ({ people }: { people: { id: string }[] }) => people.map(({ id }) => id);

it('[P11] shows everybody to whoever sees all, oneself and those below to everybody else', async () => {
  expect(ids(await map(office.admin)).toSorted()).toEqual(
    [director, manager, seller, other].map(({ partnerId }) => partnerId).toSorted(),
  );
  expect(ids(await map(manager.agent))).toEqual([manager.partnerId, seller.partnerId]);
  expect(await map(director.agent, `?from=${manager.partnerId}`)).toMatchObject({
    from: { id: manager.partnerId },
    people: [
      { id: manager.partnerId, status: 'active' },
      { id: seller.partnerId, sponsorId: manager.partnerId },
    ],
  });
  await manager.agent.get(`/partner-program/partners/map?from=${director.partnerId}`).expect(404);
  await manager.agent.get(`/partner-program/partners/map?from=${other.partnerId}`).expect(404);
});

it('[P11] leads to the tree where a picture could not be read', async () => {
  for (let n = 0; n < MAX_ON_MAP; n++) {
    const person = { userId: null, firstName: 'Ewa', lastName: `N${n}`, email: `n${n}@partner.example`, phone: null };
    await app.nest
      .get(DataSource)
      .transaction((tx) =>
        app.nest
          .get(PartnersService)
          .join(tx, { ...person, locale: null, sponsorId: other.partnerId, emailConfirmed: true }),
      );
  }
  expect(await map(other.agent)).toMatchObject({ tooMany: true, people: [], from: { id: other.partnerId } });
  const { text } = await other.agent.get('/partner-program/partners/map').accept('html').expect(200);
  expect(text).toContain(`href="/partner-program/partners/tree?from&#x3D;${other.partnerId}"`);
  expect(await map(director.agent)).toMatchObject({ tooMany: false });
});
