import { RederivationService } from '../../../../../modules/money/commissions/rederivation/rederivation.service';
import { JobWorker } from '../../../../../modules/platform/jobs/worker.service';
import { bootApp, type TestApp } from '../../../../support/app';
import { Office, type Member } from '../../../../support/program';

describe('the re-derivation', () => {
  let app: TestApp;
  let office: Office;
  let seller: Member;
  let director: Member;
  let contractId: string;

  beforeAll(async () => {
    app = await bootApp({ worker: false });
    office = await Office.open(app);
    await office.levels(1_000, 500);
    director = await office.member();
    seller = await office.member(director);
    contractId = await office.contract(seller, 1_000_00);
    await office.status(contractId, 'signed');
    await office.status(contractId, 'refunded', 2_500);
    await app.nest.get(JobWorker).drain();
  });
  afterAll(() => app.close());

  const check = () => app.nest.get(RederivationService).check();

  /** Changes what no trigger guards against a superuser, looks, and puts it back. */
  async function afterTampering(change: string, restore: string) {
    const tamper = (sql: string) =>
      app.owner.transaction(async (tx) => {
        await tx.query('set local session_replication_role = replica');
        await tx.query(sql);
      });
    await tamper(change);
    const { ok, differences } = await check();
    await tamper(restore);
    expect(ok).toBe(false);
    return differences.map(({ contractId: id, eventVersion, level, field, stored, derived }) => {
      expect(id).toBe(contractId);
      return { eventVersion, level, field, stored, derived };
    });
  }

  it('[Q3] finds nothing where nobody tampered', async () => {
    expect(await check()).toEqual({ ok: true, contracts: 1, found: 0, differences: [] });
  });

  it('[Q3] [F41] names a line that was changed', async () => {
    const line = `from partner_program.calculation c where c.id = l.calculation_id and c.event_version = 2 and l.level = 0`;
    const found = await afterTampering(
      `update partner_program.commission_line l set amount_minor = 9999 ${line}`,
      `update partner_program.commission_line l set amount_minor = 10000 ${line}`,
    );
    expect(found).toEqual([{ eventVersion: 2, level: 0, field: 'amountMinor', stored: 9999, derived: 100_00 }]);
  });

  it('[Q3] [F41] names money in the ledger that no calculation explains', async () => {
    const entry = `from partner_program.account a where a.id = e.account_id and a.holder_kind = 'partner' and e.level = 1 and e.kind = 'commission'`;
    const found = await afterTampering(
      `update partner_program.entry e set amount_minor = amount_minor + 7 ${entry}`,
      `update partner_program.entry e set amount_minor = amount_minor - 7 ${entry}`,
    );
    expect(found).toEqual([
      { eventVersion: 2, level: 1, field: `ledger PLN ${director.partnerId}`, stored: 50_07, derived: 50_00 },
    ]);
  });

  it('[Q3] [F41] notices a past that was rewritten: a rate, a place in the tree, a told value', async () => {
    const rate = await afterTampering(
      `update partner_program.plan_level set rate_bps = 600 where level = 1`,
      `update partner_program.plan_level set rate_bps = 500 where level = 1`,
    );
    expect(rate).toContainEqual({ eventVersion: 2, level: 1, field: 'rateBps', stored: 500, derived: 600 });
    const tree = await afterTampering(
      `update partner_program.placement set sponsor_id = null where partner_id = '${seller.partnerId}'`,
      `update partner_program.placement set sponsor_id = '${director.partnerId}' where partner_id = '${seller.partnerId}'`,
    );
    expect(tree).toContainEqual({ eventVersion: 3, level: 1, field: 'postedMinor', stored: -12_50, derived: null });
    const value = await afterTampering(
      `update partner_program.contract_event set value_minor = 50000 where version = 2`,
      `update partner_program.contract_event set value_minor = 100000 where version = 2`,
    );
    expect(value).toContainEqual({
      eventVersion: 2,
      level: null,
      field: 'basisMinor',
      stored: 1_000_00,
      derived: 500_00,
    });
  });

  it('[Q3] answers administrators, as JSON and as a page, and nobody else', async () => {
    const path = '/partner-program/rederivation';
    const { body } = await office.admin.get(path).expect(200);
    expect(body).toEqual({ ok: true, contracts: 1, found: 0, differences: [] });
    const page = await office.admin.get(path).set('Accept', 'text/html').set('Accept-Language', 'en').expect(200);
    expect(page.text).toContain('Every stored commission agrees.');
    await seller.agent.get(path).expect(403);
  });
});
