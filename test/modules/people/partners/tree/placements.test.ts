import { JobWorker } from '../../../../../modules/platform/jobs/worker.service';
import { bootApp } from '../../../../support/app';
import type { TestApp } from '../../../../support/app';
import { Office } from '../../../../support/program';
import type { Member } from '../../../../support/program';

let app: TestApp;
let office: Office;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500, 200);
});
afterAll(() => app.close());

const move = (partner: Member, sponsor: Member | null, fields: object = {}, query = '') =>
  office.admin
    .post(`/partner-program/partners/${partner.partnerId}/placements${query}`)
    .send({ sponsorId: sponsor?.partnerId ?? null, reason: 'Zmiana struktury', ...fields });

/** Paths that differ from what the sponsors say, and placements that do. */
async function crooked(): Promise<unknown[]> {
  return app.owner.query(`
    with recursive tree as (
      select id, seq || '.' as path, 0 as depth from partner_program.partner where sponsor_id is null
      union all
      select p.id, tree.path || p.seq || '.', depth + 1 from partner_program.partner p join tree on p.sponsor_id = tree.id
    )
    select p.id from partner_program.partner p
      left join tree on tree.id = p.id
      left join partner_program.partner_path path on path.partner_id = p.id
      left join partner_program.placement now on now.partner_id = p.id and now.valid @> partner_program.now_ms()
     where tree.path is distinct from path.path or tree.depth is distinct from path.depth
        or now.sponsor_id is distinct from p.sponsor_id`);
}

it('[Q7] [T1] moves a downline along, leaves the past alone and says who gains and who loses', async () => {
  const [a, b] = [await office.member(), await office.member()];
  const boss = await office.member(a);
  const seller = await office.member(boss);
  const open = await office.contract(seller, 100_00);
  const signed = await office.contract(seller, 100_00);
  await office.status(signed, 'signed');
  await office.settled();

  const preview = await move(boss, b, {}, '?preview=true').expect(200);
  const impact = {
    partners: 2,
    leaves: [{ id: a.partnerId }],
    joins: [{ id: b.partnerId }],
    openContracts: 1,
    truncated: false,
  };
  expect(preview.body).toMatchObject({ placement: { sponsorId: b.partnerId }, impact });
  const { changes } = (preview.body as { impact: { changes: { partnerId: string }[] } }).impact;
  const byPartner = new Map(changes.map((change) => [change.partnerId, change]));
  expect(byPartner.get(a.partnerId)).toMatchObject({ beforeMinor: 2_00, afterMinor: 0, currency: 'PLN' });
  expect(byPartner.get(b.partnerId)).toMatchObject({ beforeMinor: 0, afterMinor: 2_00 });
  expect(byPartner.size).toBe(2);
  const upline = await office.admin.get(`/partner-program/partners/${seller.partnerId}/upline`).expect(200);
  expect((upline.body as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual([boss.partnerId, a.partnerId]);

  expect((await move(boss, b).expect(201)).body).toMatchObject({ impact });
  await office.status(open, 'signed');
  await office.status(signed, 'refunded', 5000);
  await office.settled();
  expect(await office.available(a, b)).toEqual([1_00, 2_00]);
  expect(await crooked()).toEqual([]);
});

it('[T1] refuses circles, the same place, unknown sponsors and the calculated past', async () => {
  const top = await office.member();
  const below = await office.member(top);
  const deep = await office.member(below);
  expect((await move(top, deep).expect(409)).body).toMatchObject({ code: 'TREE_CYCLE' });
  expect((await move(top, top).expect(409)).body).toMatchObject({ code: 'TREE_CYCLE' });
  expect((await move(below, top).expect(409)).body).toMatchObject({ code: 'PLACEMENT_UNCHANGED' });
  await move(below, { ...top, partnerId: '0199a3a0-0000-7000-8000-000000000000' }).expect(404);
  await move(below, null, { effectiveAt: '2020-01-01T00:00:00Z' }).expect(422);
  await move(below, null, { reason: '' }).expect(400);
  await below.agent
    .post(`/partner-program/partners/${below.partnerId}/placements`)
    .send({ sponsorId: null, reason: 'Sam się przenoszę' })
    .expect(403);
  expect(await crooked()).toEqual([]);
});

it('[F39] lets no two simultaneous moves close a circle', async () => {
  for (let round = 0; round < 5; round += 1) {
    const [a, b, c] = [await office.member(), await office.member(), await office.member()];
    const replies = await Promise.all([move(a, b), move(b, c), move(c, a)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([201, 201, 409]);
    expect(await crooked()).toEqual([]);
  }
});

/** The day of a planned move comes: it is now, and no test waits for it. */
async function comeTrue(partnerId: string, day: Date): Promise<void> {
  await app.owner.transaction(async (tx) => {
    const [{ now }] = await tx.query<[{ now: Date }]>('select partner_program.now_ms() as now');
    await tx.query('set local session_replication_role = replica');
    const bring = (end: 'lower' | 'upper', valid: string) =>
      tx.query(`update partner_program.placement set valid = ${valid} where partner_id = $1 and ${end}(valid) = $2`, [
        partnerId,
        day,
        now,
      ]);
    await bring('upper', 'tstzrange(lower(valid), $3)');
    await bring('lower', 'tstzrange($3, upper(valid))');
    await tx.query(`update partner_program.job set due_at = $1 where kind = 'placement' and due_at = $2`, [now, day]);
  });
}

it('[Q7] carries out a planned move on its day and plans no circle for a later one', async () => {
  const [a, b] = [await office.member(), await office.member()];
  const seller = await office.member(a);
  const soon = new Date(Date.now() + 3_600_000);
  const planned = await move(seller, b, { effectiveAt: soon.toISOString() }).expect(201);
  expect(planned.body).toMatchObject({ placement: { effectiveAt: soon.toISOString() }, impact: { partners: null } });
  expect((await move(seller, null).expect(409)).body).toMatchObject({ code: 'PLACEMENT_PLANNED' });
  expect((await move(b, seller).expect(409)).body).toMatchObject({ code: 'TREE_CYCLE' });
  const before = await office.contract(seller, 100_00);
  await office.status(before, 'signed');
  await office.settled();
  expect(await office.available(a, b)).toEqual([5_00, 0]);

  await comeTrue(seller.partnerId, soon);
  const after = await office.contract(seller, 100_00);
  await office.status(after, 'signed');
  await office.settled();
  expect(await office.available(a, b)).toEqual([5_00, 5_00]);
  await app.nest.get(JobWorker).drain();
  expect(await crooked()).toEqual([]);
});

it('[P12] pays nothing to the suspended, from the suspension to the return', async () => {
  const boss = await office.member();
  const seller = await office.member(boss);
  const sign = async () => {
    await office.status(await office.contract(seller, 100_00), 'signed');
    await office.settled();
  };
  const suspension = `/partner-program/partners/${boss.partnerId}/suspension`;
  await office.admin.post(suspension).send({ reason: 'Wyjaśniamy umowę' }).expect(201);
  expect((await office.admin.post(suspension).send({ reason: 'Jeszcze raz' }).expect(409)).body).toMatchObject({
    code: 'ALREADY_SUSPENDED',
  });
  await sign();
  expect(await office.available(seller, boss)).toEqual([10_00, 0]);
  await office.admin.delete(suspension).expect(204);
  expect((await office.admin.delete(suspension).expect(409)).body).toMatchObject({ code: 'NOT_SUSPENDED' });
  await sign();
  expect(await office.available(seller, boss)).toEqual([20_00, 5_00]);
});
