import { bootApp, type Agent, type TestApp } from '../../../support/app';
import { type Member, Office } from '../../../support/program';

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

async function rows(agent: Agent, query = ''): Promise<[id: string, depth: number, isOpen: boolean][]> {
  const { body } = await agent.get(`/partner-program/partners/tree${query}`).expect(200);
  return body.data.map(({ id, depth, isOpen }: { id: string; depth: number; isOpen: boolean }) => [id, depth, isOpen]);
}

it('[P11] begins at the top for whoever sees all, below oneself for everybody else', async () => {
  expect((await rows(office.admin)).map(([id]) => id).sort()).toEqual([director.partnerId, other.partnerId].sort());
  expect(await rows(director.agent)).toEqual([[manager.partnerId, 1, false]]);
  expect(await rows(seller.agent)).toEqual([]);
});

it('[P11] unfolds what is asked for, each row right below its own', async () => {
  const open = `?open=${director.partnerId},${manager.partnerId}`;
  expect((await rows(office.admin, open)).filter(([id]) => id !== other.partnerId)).toEqual([
    [director.partnerId, 1, true],
    [manager.partnerId, 2, true],
    [seller.partnerId, 3, false],
  ]);
});

it('[P11] finds a partner with everything above unfolded, and nobody outside one’s own downline', async () => {
  expect(await rows(director.agent, `?find=${seller.partnerId}`)).toEqual([
    [manager.partnerId, 1, true],
    [seller.partnerId, 2, false],
  ]);
  await director.agent.get(`/partner-program/partners/tree?find=${other.partnerId}`).expect(404);
  expect(await rows(director.agent, `?open=${other.partnerId}`)).toEqual([[manager.partnerId, 1, false]]);
});

it('[Q7] offers whom a partner may be moved to and says why not', async () => {
  const page = async (query: string) =>
    (await office.admin.get(`/partner-program/partners/${manager.partnerId}/placements${query}`).expect(200)).body;
  const search = await page(`?search=${other.email}`);
  expect(search.candidates.map(({ id }: { id: string }) => id)).toEqual([other.partnerId]);
  expect(await page(`?sponsor=${seller.partnerId}`)).toMatchObject({ refused: 'TREE_CYCLE' });
  const { preview } = await page(`?sponsor=${other.partnerId}`);
  expect(preview.impact).toMatchObject({ partners: 2, leaves: [{ id: director.partnerId }] });
  expect((await office.admin.get(`/partner-program/partners/${manager.partnerId}`)).body.sponsorId).toBe(
    director.partnerId,
  );
  await director.agent.get(`/partner-program/partners/${manager.partnerId}/placements`).expect(403);
});
