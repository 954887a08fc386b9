import { DataSource } from 'typeorm';
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
  expect(await rows(director.agent, `?focus=${seller.partnerId}`)).toEqual([
    [manager.partnerId, 1, true],
    [seller.partnerId, 2, false],
  ]);
  await director.agent.get(`/partner-program/partners/tree?focus=${other.partnerId}`).expect(404);
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

describe('a large tree', () => {
  let leader: Member;
  let below: string[];
  let chain: string[];

  /** Partners without a CRM account, in the order in which they join. */
  async function join(sponsorId: string, count: number, ofLast: boolean): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      const { id } = await app.nest.get(DataSource).transaction((tx) =>
        app.nest.get(PartnersService).join(tx, {
          userId: null,
          firstName: 'Ewa',
          lastName: `${ofLast ? 'Łańcuch' : 'Szeroka'}${n}`,
          email: `${ofLast ? 'deep' : 'wide'}${n}@partner.example`,
          phone: null,
          locale: null,
          sponsorId: ofLast ? (ids.at(-1) ?? sponsorId) : sponsorId,
          emailConfirmed: true,
        }),
      );
      ids.push(id);
    }
    return ids;
  }

  beforeAll(async () => {
    leader = await office.member();
    below = await join(leader.partnerId, 60, false);
    chain = await join(below[59]!, 70, true);
  });
  const tree = async (query: string) =>
    (await leader.agent.get(`/partner-program/partners/tree?${query}`).expect(200)).body;

  it('[P11] shows fifty below a partner at first and more when asked', async () => {
    const open = async (token: string) =>
      (await office.admin.get(`/partner-program/partners/tree?open=${token}`).expect(200)).body.data;
    const rows = await open(leader.partnerId);
    const last = rows.findLast(({ depth }: { depth: number }) => depth === 2);
    expect(last).toMatchObject({ id: below[49], place: 50, siblings: 60 });
    expect(last.more).toEqual([{ name: expect.stringContaining('Kos'), depth: 2, open: `${leader.partnerId}~100` }]);
    const all = await open(last.more[0].open);
    expect(all.filter(({ depth }: { depth: number }) => depth === 2).map(({ id }: { id: string }) => id)).toEqual(
      below,
    );
    expect(all.some(({ more }: { more?: unknown }) => more)).toBe(false);
  });

  it('[P11] brings whom one looks for into sight, however many joined before', async () => {
    const { data, focus } = await tree(`focus=${chain[1]}`);
    expect(data.slice(0, 3)).toMatchObject([
      { id: below[59], depth: 1, isOpen: true },
      { id: chain[0], depth: 2, isOpen: true },
      { id: chain[1], depth: 3, isOpen: false },
    ]);
    expect((await tree(`focus=${below[0]}`)).data.at(-1)).toMatchObject({ id: below[0], place: null });
    const seen = (await office.admin.get(`/partner-program/partners/tree?focus=${chain[1]}`).expect(200)).body.data;
    const at = seen.findIndex(({ id }: { id: string }) => id === below[59]);
    expect(seen.slice(at, at + 2)).toMatchObject([
      { depth: 2, place: null, isOpen: true },
      { id: chain[0], depth: 3 },
    ]);
    expect(focus).toEqual({
      id: chain[1],
      name: 'Ewa Łańcuch1',
      upline: [
        { id: below[59], name: 'Ewa Szeroka59' },
        { id: chain[0], name: 'Ewa Łańcuch0' },
      ],
    });
  });

  it('[P11] begins further down for whoever stands very deep', async () => {
    const { data, from } = await tree(`focus=${chain[69]}`);
    expect(from).toBe(chain[20]);
    expect(data).toHaveLength(50);
    expect(data.at(-1)).toMatchObject({ id: chain[69], depth: 50 });
    const kept = await tree(`from=${from}&open=${data[0].toggled}`);
    expect(kept.data).toMatchObject([{ id: chain[20], isOpen: false }]);
    await seller.agent.get(`/partner-program/partners/tree?from=${chain[20]}`).expect(404);
  });

  it('[P11] finds by name and address, in the own downline only', async () => {
    const found = async (agent: Agent, search: string) => {
      const { body } = await agent.get('/partner-program/partners/tree').query({ search }).expect(200);
      return body.matches.map(({ id }: { id: string }) => id);
    };
    expect(await found(leader.agent, 'łańcuch69')).toEqual([chain[69]]);
    expect(await found(leader.agent, 'WIDE7@partner')).toEqual([below[7]]);
    expect(await found(leader.agent, '%')).toEqual([]);
    expect(await found(director.agent, 'Szeroka')).toEqual([]);
  });
});
