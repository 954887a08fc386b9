import { bootApp } from '../../../support/app';
import type { Agent, TestApp } from '../../../support/app';
import { Office } from '../../../support/program';
import type { Member } from '../../../support/program';

let app: TestApp;
let office: Office;
let top: Member;
let middle: Member;
let leaf: Member;
let other: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  top = await office.member(undefined, { firstName: 'Łucja', lastName: 'Żak' });
  middle = await office.member(top, { firstName: 'Ada', lastName: 'Ćwik' });
  leaf = await office.member(middle, { firstName: 'Bruno', lastName: '100%_Nowak' });
  other = await office.member();
});
afterAll(() => app.close());

interface Row {
  readonly id: string;
  readonly level: number;
  readonly directCount: number;
  readonly downlineCount: number;
}

async function list(agent: Agent, query = ''): Promise<{ data: Row[]; nextCursor: string | null }> {
  return (await agent.get(`/partner-program/partners${query}`).expect(200)).body as {
    data: Row[];
    nextCursor: string | null;
  };
}
const ids = (page: { data: Row[] }) => page.data.map(({ id }) => id);

it('[P11] shows partners their downline, holders of viewAllPartners everybody', async () => {
  const own = await list(top.agent);
  expect(own.data).toMatchObject([
    { id: leaf.partnerId, level: 2, directCount: 0, downlineCount: 0 },
    { id: middle.partnerId, level: 1, directCount: 1, downlineCount: 1 },
  ]);
  expect(own.data[0]).not.toHaveProperty('wallets');
  expect(ids(await list(leaf.agent))).toEqual([]);
  const all = await list(office.admin);
  expect(ids(all)).toEqual([other, leaf, middle, top].map(({ partnerId }) => partnerId));
  expect(all.data[0]).toHaveProperty('wallets');
});

it('[P11] filters, sorts by Polish names and pages without loss or repetition', async () => {
  expect(ids(await list(top.agent, '?direct=true'))).toEqual([middle.partnerId]);
  expect(ids(await list(top.agent, '?level=2'))).toEqual([leaf.partnerId]);
  expect(ids(await list(office.admin, '?search=ada'))).toEqual([middle.partnerId]);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { data: Row[]; nextCursor: string | null } = await list(
      office.admin,
      `?sort=name&limit=1${cursor ? `&cursor=${cursor}` : ''}`,
    );
    seen.push(...ids(page));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual([leaf, middle, other, top].map(({ partnerId }) => partnerId));
});

it('[P9] [P11] shows those who wait to be approved to holders of viewAllPartners, as standing nowhere yet', async () => {
  const viewer = await office.member(undefined, {
    permissions: ['participate', 'viewAllPartners', 'inviteLevelZero'],
  });
  const registered = await app
    .anonymous()
    .post('/partner-program/registrations')
    .send({
      email: 'ula@poczta.example',
      firstName: 'Ula',
      lastName: 'Ćma',
      password: 'zielona łąka o świcie',
      termsVersionId: office.termsVersionId,
    })
    .expect(201);
  const { id } = (registered.body as { partner: { id: string } }).partner;
  const placed = [viewer, other, leaf, middle, top].map(({ partnerId }) => partnerId);

  const all = await list(viewer.agent);
  expect(ids(all)).toEqual([id, ...placed]);
  expect(all.data[0]).toMatchObject({ status: 'awaitingApproval', level: null, directCount: 0, downlineCount: 0 });
  expect(ids(await list(viewer.agent, '?sort=name&limit=2'))).toEqual([leaf.partnerId, id]);
  for (const query of ['?status=awaitingApproval', '?search=ula', '?search=ula%40poczta&status=awaitingApproval']) {
    expect(ids(await list(viewer.agent, query))).toEqual([id]);
  }
  for (const query of ['?status=awaitingApproval&level=0', '?status=awaitingApproval&direct=true', '?status=left']) {
    expect(ids(await list(viewer.agent, query))).toEqual([]);
  }
  expect(ids(await list(viewer.agent, '?status=active'))).toEqual(placed);
  expect(ids(await list(viewer.agent, '?level=0'))).not.toContain(id);
  expect(ids(await list(top.agent))).not.toContain(id);
  expect(ids(await list(top.agent, '?status=awaitingApproval'))).toEqual([]);
  const tree = (await viewer.agent.get('/partner-program/partners/tree?search=ula').expect(200)).body as object;
  expect(tree).toMatchObject({ matches: [] });

  const page = await viewer.agent.get(`/partner-program/partners/${id}`).set('accept', 'text/html').expect(200);
  expect(page.text).toContain(`action="/partner-program/partners/${id}/approval"`);
  await viewer.agent.post(`/partner-program/partners/${id}/approval`).expect(201);
  expect((await list(viewer.agent)).data[0]).toMatchObject({ id, status: 'active', level: 0 });
});

it('[F73] takes wildcards of a search for letters, and refuses a cursor that is not ours', async () => {
  expect(ids(await list(office.admin, `?search=${encodeURIComponent('100%_N')}`))).toEqual([leaf.partnerId]);
  expect(ids(await list(office.admin, '?search=%25'))).toEqual([leaf.partnerId]);
  expect(ids(await list(office.admin, '?search=_'))).toEqual([leaf.partnerId]);
  for (const cursor of ['x', 'W10', Buffer.from('["a","b"]').toString('base64url')]) {
    await office.admin.get(`/partner-program/partners?cursor=${cursor}`).expect(400);
  }
  await office.admin.get('/partner-program/partners?sort=joined_at;drop').expect(400);
});

it('[F70] answers a foreign partner like an unknown one', async () => {
  for (const path of ['', '/children', '/upline', '/wallets', '/entries']) {
    await other.agent.get(`/partner-program/partners/${leaf.partnerId}${path}`).expect(404);
    await leaf.agent.get(`/partner-program/partners/${top.partnerId}${path}`).expect(404);
  }
  await top.agent.get(`/partner-program/partners/${leaf.partnerId}`).expect(200);
  await top.agent.get(`/partner-program/partners/${leaf.partnerId}/entries`).expect(404);
  await top.agent.get('/partner-program/partners/not-an-id').expect(404);
  const upline = await middle.agent.get(`/partner-program/partners/${leaf.partnerId}/upline`).expect(200);
  expect(upline.body).toMatchObject({ data: [{ id: middle.partnerId }] });
  expect((upline.body as { data: unknown[] }).data).toHaveLength(1);
});
