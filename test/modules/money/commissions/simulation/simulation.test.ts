import type { EntityManager } from 'typeorm';
import { shareOf } from '../../../../../modules/kernel/money';
import { calculationAsOf } from '../../../../../modules/money/commissions/calculation/calculation';
import { RulebookService } from '../../../../../modules/money/commissions/calculation/rulebook.service';
import { calculationsOf, eventsOf, statesOf } from '../../../../../modules/money/commissions/commissions.queries';
import { versionsWith } from '../../../../../modules/money/commissions/simulation/simulation';
import type { SimulationReport } from '../../../../../modules/money/commissions/simulation/simulation.service';
import { PlansService } from '../../../../../modules/rules/plans/plans.service';
import { bootApp } from '../../../../support/app';
import type { TestApp } from '../../../../support/app';
import { Office } from '../../../../support/program';
import type { Member } from '../../../../support/program';

let app: TestApp;
let office: Office;
let inForce: string;
let people: Member[];
const from = new Date('2020-01-01');
const to = new Date('2100-01-01');

/** A program with a past: a move, a suspension, a refund, a change of value, a contract signed twice, another plan. */
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  inForce = await office.levels(1000, 500, 250, 125);
  const top = await office.member();
  const other = await office.member();
  const middle = await office.member(top);
  const seller = await office.member(middle);
  people = [top, other, middle, seller, await office.member(seller)];
  await sell(3, 33_33);
  await sell(4, 1_000_07);
  const refunded = await sell(4, 250_01);
  await office.status(refunded, 'refunded', 3333);
  const again = await sell(3, 99_99);
  await office.status(again, 'cancelled');
  await office.status(again, 'signed');
  await office.status(await sell(2, 77_77), 'cancelled');
  await office.settled();
  await office.admin
    .post(`/partner-program/partners/${people[3]!.partnerId}/placements`)
    .send({ sponsorId: other.partnerId, reason: 'Zmiana struktury' })
    .expect(201);
  const grown = await sell(4, 400_00);
  await office.admin.patch(`/crm/contracts/${grown}`).send({ valueMinor: 512_34 }).expect(200);
  await office.settled();
  await office.admin
    .post(`/partner-program/partners/${people[3]!.partnerId}/suspension`)
    .send({ reason: 'Kontrola umów' })
    .expect(201);
  await sell(4, 123_45);
  await office.settled();
  await office.plan({
    kind: 'levels',
    levels: [{ level: 0, rateBps: 2000 }],
    conditions: { products: ['tab\there'] },
  });
  await sell(4, 80_00, { product: 'tab\there' });
  await office.settled();
}, 60_000);
afterAll(() => app.close());

async function sell(person: number, valueMinor: number, fields: object = {}): Promise<string> {
  const contract = await office.contract(people[person]!, valueMinor, fields);
  await office.status(contract, 'signed');
  return contract;
}

async function draft(rules: object): Promise<string> {
  const { body } = await office.admin
    .post('/partner-program/plans')
    .send({ currency: 'PLN', kind: 'levels', ...rules })
    .expect(201);
  return (body as { versionId: string }).versionId;
}

async function simulate(versionId: string, time: object = { from, to }): Promise<SimulationReport> {
  const { body } = await office.admin.post(`/partner-program/plans/${versionId}/simulation`).send(time).expect(200);
  return body as SimulationReport;
}

/** What every wallet holds by the ledger. */
async function paidOut(): Promise<Record<string, number>> {
  const rows: { id: string; total: string }[] = await app.owner.query(
    `select holder_id as id, balance_minor as total from partner_program.account where kind = 'available'`,
  );
  return Object.fromEntries(rows.map(({ id, total }) => [id, Number(total)]));
}

/** The same sums by the calculation that posts commissions, contract by contract. */
async function byTheEngine(versionId: string): Promise<Record<string, number>> {
  const plans = app.nest.get(PlansService, { strict: false });
  const rulebooks = app.nest.get(RulebookService, { strict: false });
  return app.db.transaction(async (tx: EntityManager) => {
    const ids: { id: string }[] = await tx.query('select distinct contract_id as id from partner_program.calculation');
    const events = await eventsOf(
      tx,
      ids.map(({ id }) => id),
    );
    const versions = versionsWith(await plans.active(tx), await plans.version(tx, versionId), { from, to });
    const rulebook = { ...(await rulebooks.at(tx, events)), plans: versions };
    const totals: Record<string, number> = {};
    for (const { id } of ids) {
      for (const state of statesOf(await calculationsOf(tx, [id])).values()) {
        const event = events.find((one) => one.contractId === id && one.version === state.version)!;
        for (const line of calculationAsOf(event, state.basisMinor, rulebook).lines) {
          const net = line.amountMinor - shareOf(line.amountMinor, state.reversedBps);
          totals[line.partnerId] = (totals[line.partnerId] ?? 0) + net;
        }
      }
    }
    return totals;
  });
}

const withoutZeros = (totals: Record<string, number>) =>
  Object.fromEntries(Object.entries(totals).filter(([, minor]) => minor !== 0));
const sums = ({ partners }: SimulationReport, side: 'beforeMinor' | 'afterMinor') =>
  withoutZeros(Object.fromEntries(partners.map((partner) => [partner.partnerId, partner[side]])));

it('[Q9] changes nothing under the plan that was in force, and knows what was paid to the grosz', async () => {
  const report = await simulate(inForce);
  expect(report.contracts).toBe(8);
  expect(report.totalAfterMinor).toBe(report.totalBeforeMinor);
  expect(sums(report, 'afterMinor')).toEqual(sums(report, 'beforeMinor'));
  expect(sums(report, 'beforeMinor')).toEqual(withoutZeros(await paidOut()));
  expect(report.changes).toEqual([]);
});

it.each([
  ['rates', { levels: [700, 700, 300, 9].map((rateBps, level) => ({ level, rateBps })) }],
  [
    'passing over the inactive, with a cap and a fixed amount',
    {
      levels: [
        { level: 0, rateBps: 1111 },
        { level: 1, amountMinor: 2_50 },
        { level: 2, rateBps: 333 },
      ],
      compression: 'skipInactive',
      capBps: 1300,
    },
  ],
  ['a condition', { levels: [{ level: 0, rateBps: 5000 }], conditions: { minimumValueMinor: 200_00 } }],
])('[Q9] agrees with the calculation of each contract: %s', async (name, rules) => {
  for (const plan of ['Plan 1', `New plan: ${name}`]) {
    const versionId = await draft({ name: plan, ...rules });
    const report = await simulate(versionId);
    const expected = withoutZeros(await byTheEngine(versionId));
    expect(sums(report, 'afterMinor')).toEqual(expected);
    expect(report.totalAfterMinor).toBe(Object.values(expected).reduce((total, minor) => total + minor, 0));
    expect(sums(report, 'beforeMinor')).toEqual(withoutZeros(await paidOut()));
  }
});

it('[Q9] explains the contracts that change most, both ways', async () => {
  const report = await simulate(await draft({ name: 'Plan 1', levels: [{ level: 0, rateBps: 1000 }] }));
  const [first] = report.changes;
  expect(first).toMatchObject({
    basisMinor: 1_000_07,
    before: [
      { partnerId: people[4]!.partnerId, level: 0, rateBps: 1000, amountMinor: 100_00, reason: 'PAID' },
      { partnerId: people[3]!.partnerId, level: 1, rateBps: 500, amountMinor: 50_00, reason: 'PAID' },
      { partnerId: people[2]!.partnerId, level: 2, amountMinor: 25_00 },
      { partnerId: people[0]!.partnerId, level: 3, amountMinor: 12_50 },
    ],
    after: [{ amountMinor: 100_00 }, { amountMinor: 0, reason: 'BEYOND_DEPTH' }, {}, {}],
  });
  expect(first!.before[0]!.name).toMatch(/^Jan Kos/);
  const differences = report.partners.map(({ beforeMinor, afterMinor }) => Math.abs(afterMinor - beforeMinor));
  expect(differences).toEqual(differences.toSorted((a, b) => b - a));
});

it('[Q9] tries a new plan in place of the one in force, though that began within the time', async () => {
  const report = await simulate(await draft({ name: 'Quite another', levels: [{ level: 0, rateBps: 0 }] }));
  // Only the plan with a condition still goes before it.
  expect(report.totalBeforeMinor).toBeGreaterThan(16_00);
  expect(report.totalAfterMinor).toBe(16_00);
});

it('[Q9] looks at the time asked for only, and refuses one that ends before it begins', async () => {
  expect(await simulate(inForce, { from: '2020-01-01', to: '2021-01-01' })).toMatchObject({
    contracts: 0,
    totalBeforeMinor: 0,
    partners: [],
  });
  const post = (time: object) => office.admin.post(`/partner-program/plans/${inForce}/simulation`).send(time);
  await post({ from: '2021-01-01', to: '2020-01-01' }).expect(400);
  await post({ from: '2021-01-01' }).expect(400);
  await office.admin
    .post('/partner-program/plans/0190b6d5-0000-7000-8000-000000000001/simulation')
    .send({ from, to })
    .expect(404);
  await people[0]!.agent.post(`/partner-program/plans/${inForce}/simulation`).send({ from, to }).expect(403);
});

it('[Q9] [Q12] is a page that asks by GET and shows the same', async () => {
  const path = `/partner-program/plans/${inForce}/simulation`;
  const empty = await office.admin.get(path).set('accept', 'text/html').expect(200);
  expect(empty.text).toContain('name="from"');
  const draftId = await draft({ name: 'Plan 1', levels: [{ level: 0, rateBps: 1000 }] });
  const filled = await office.admin
    .get(`/partner-program/plans/${draftId}/simulation?from=2020-01-01&to=2100-01-01`)
    .set({ accept: 'text/html', 'accept-language': 'pl' })
    .expect(200);
  expect(filled.text).toContain('8 umów');
  expect(filled.text).toMatch(/Jan Kos/);
});
