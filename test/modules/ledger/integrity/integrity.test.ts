import { INTEGRITY_CHECKS } from '../../../../modules/commands/integrity-checks';
import { IntegrityService } from '../../../../modules/ledger/integrity/integrity.service';
import { bootApp, type TestApp } from '../../../support/app';
import { Office } from '../../../support/program';

/** What a superuser might do to the books, by the rule that must notice it. */
const TAMPERINGS: Record<string, string> = {
  L1: `delete from partner_program.entry where line = 1`,
  L2: `update partner_program.account set balance_minor = balance_minor + 1 where keeps_balance`,
  L3: `update partner_program.transaction set posted_by = 'nobody'`,
  L4: `update partner_program.commission_line set posted_minor = posted_minor - 1 where posted_minor > 0`,
  L5: `update partner_program.commission_line set posted_minor = posted_minor * 2 where posted_minor > 0`,
  L6: `update partner_program.withdrawal set amount_minor = amount_minor + 1`,
  L7: `alter table partner_program.entry drop constraint entry_not_overdrawn;
       update partner_program.entry set balance_after_minor = -5 where kind = 'hold' and amount_minor < 0`,
  L8: `update partner_program.withdrawal set status = 'paid', settled_at = now(), settled_by = 'x', settled_by_name = 'x'`,
  L9: `update partner_program.maturing set released_at = now()`,
  L10: `update partner_program.entry set recorded_at = recorded_at - interval '1 day' where account_version = 2`,
  D2: `update partner_program.calculation set as_of = '2000-01-01'`,
  D3: `update partner_program.plan_version set cap_bps = 1`,
  T1: `update partner_program.partner p set sponsor_id = below.id from partner_program.partner below where below.sponsor_id = p.id`,
  T2: `delete from partner_program.placement where sponsor_id is null`,
  T3: `update partner_program.partner set sponsor_id = null`,
  T5: `update partner_program.placement set sponsor_id = null`,
  T6: `update partner_program.partner set status = 'left', left_at = now()`,
  F28: `delete from partner_program.contract_event`,
};

let app: TestApp;

beforeAll(async () => {
  app = await bootApp();
  const office = await Office.open(app);
  const levels = [1000, 500].map((rateBps, level) => ({ level, rateBps }));
  await office.plan({ kind: 'levels', levels });
  await office.plan({ kind: 'levels', levels, holdingDays: 30, conditions: { products: ['held'] } });
  const director = await office.member();
  const seller = await office.member(director);
  for (const fields of [{}, {}, { product: 'held' }]) {
    await office.status(await office.contract(seller, 1_000_00, fields), 'signed');
  }
  await office.settled();
  await seller.agent.post('/partner-program/withdrawals').send({ amountMinor: 60_00, currency: 'PLN' }).expect(201);
  await app.owner.query('select partner_program.seal_transactions(1000)');
});
afterAll(() => app.close());

describe('[Q6] the integrity check', () => {
  it('finds sound books sound, as the application’s role, and names the last seal', async () => {
    const report = await app.nest.get(IntegrityService).check();
    expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report).toMatchObject({ ok: true, seal: { hash: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  });

  it('knows the rules of every room, in the order of the catalogue, and without a running program just as many', async () => {
    const { checks } = app.nest.get(IntegrityService);
    expect(checks).toEqual(INTEGRITY_CHECKS);
    const ids = 'L1 L2 L3 L4 L5 L6 L7 L8 L9 L10 D2 D3 T1 T2 T3 T5 T6 F28'.split(' ');
    expect(checks.map(({ id }) => id)).toEqual(ids);
    expect((await app.nest.get(IntegrityService).check()).checks.map(({ id }) => id)).toEqual(ids);
  });

  it('knows what breaks each of its rules', () => {
    expect(Object.keys(TAMPERINGS).toSorted()).toEqual(INTEGRITY_CHECKS.map(({ id }) => id).toSorted());
  });

  it.each(INTEGRITY_CHECKS)('[$id] notices when it no longer holds: $what', async ({ id, sql }) => {
    const runner = app.owner.createQueryRunner();
    await runner.startTransaction();
    try {
      expect(await runner.query(sql)).toEqual([]);
      await runner.query('set local session_replication_role = replica');
      await runner.query(TAMPERINGS[id]!);
      expect(await runner.query(sql)).not.toEqual([]);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  });
});
