import type { ContractChange } from '../../../../modules/host';
import { RederivationService } from '../../../../modules/money/commissions/rederivation/rederivation.service';
import { PartnerProgram } from '../../../../modules/partner-program';
import { JobWorker } from '../../../../modules/platform/jobs/worker.service';
import { bootApp, type TestApp } from '../../../support/app';
import { Office, type Member } from '../../../support/program';

interface Preview {
  readonly state: string;
  readonly asOf: string;
  readonly planVersionId: string | null;
  readonly originatorJoined: boolean;
  readonly lines: { partnerId: string; level: number; rateBps: number | null; amountMinor: number; reason: string }[];
  readonly posted?: { partnerId: string; level: number; amountMinor: number; reason: string }[];
}

describe('a commission calculated later than its change', () => {
  let app: TestApp;
  let office: Office;
  let planVersionId: string;

  beforeAll(async () => {
    app = await bootApp({ worker: false });
    office = await Office.open(app);
    planVersionId = await office.levels(1_000, 500, 300);
  });
  afterAll(() => app.close());

  const work = () => app.nest.get(JobWorker).drain();
  const preview = async (contractId: string): Promise<Preview> => {
    const { body } = await office.admin.get(`/partner-program/contracts/${contractId}/commission-preview`).expect(200);
    return body as Preview;
  };
  const amounts = ({ lines }: Preview) =>
    lines.map(({ partnerId, amountMinor, reason }) => [partnerId, amountMinor, reason]);
  const paid = (members: Member[], ...shares: number[]) =>
    members.map(({ partnerId }, n) => [partnerId, shares[n], shares[n] ? 'PAID' : 'INACTIVE']);

  /** A seller below a manager below a director, and somebody aside. */
  async function team(): Promise<Member[]> {
    const director = await office.member();
    const manager = await office.member(director);
    const seller = await office.member(manager);
    return [seller, manager, director, await office.member()];
  }

  it('[P12] pays by the rules and the tree of the moment of the change, whatever happened since', async () => {
    const [seller, manager, director, aside] = (await team()) as [Member, Member, Member, Member];
    const contractId = await office.contract(seller, 1_000_00);
    await office.status(contractId, 'signed');

    const { admin: agent } = office;
    const placement = { sponsorId: aside.partnerId, reason: 'another team' };
    await agent.post(`/partner-program/partners/${seller.partnerId}/placements`).send(placement).expect(201);
    await agent
      .post(`/partner-program/partners/${director.partnerId}/suspension`)
      .send({ reason: 'away for long' })
      .expect(201);
    const newer = await office.levels(100, 100, 100);
    await office.actions({ signed: 'none' });
    await work();

    const shown = await preview(contractId);
    expect(shown).toMatchObject({ state: 'posted', planVersionId });
    expect(amounts(shown)).toEqual(paid([seller, manager, director], 100_00, 50_00, 30_00));
    expect(await office.available(seller, manager, aside)).toEqual([100_00, 50_00, 0]);

    await office.actions({ signed: 'accrue' });
    const later = await office.contract(seller, 1_000_00);
    await office.status(later, 'signed');
    await work();
    const shownLater = await preview(later);
    expect(shownLater.planVersionId).toBe(newer);
    expect(amounts(shownLater)).toEqual(paid([seller, aside], 10_00, 10_00));
  });

  it('[P12] [P13] pays nothing for a change from before the seller joined, and says so', async () => {
    const person = await office.user();
    const contractId = await office.contract(person, 1_000_00);
    await office.status(contractId, 'signed');
    const { body } = await office.join(person).expect(201);
    const { partner } = body as { partner: { id: string } };
    await work();
    const shown = await preview(contractId);
    expect(shown).toMatchObject({ state: 'posted', originatorJoined: false, totalMinor: 0 });
    expect(amounts(shown)).toEqual([[partner.id, 0, 'NOT_JOINED_YET']]);
  });

  it('[P12] [F25] [F28] counts what was told twice once, and what the host rolled back never', async () => {
    const [seller] = (await team()) as [Member];
    const contractId = await office.contract(seller, 1_000_00);
    await office.status(contractId, 'signed');
    await app.owner.query(
      `insert into partner_program.job (key, kind, payload)
       select key || ' again', kind, payload from partner_program.job where key = 'contract:' || $1 || ':2'`,
      [contractId],
    );
    await work();
    await office.status(contractId, 'signed');
    await work();
    expect(await office.available(seller)).toEqual([10_00]);

    const rolledBack = await office.contract(seller, 1_000_00);
    const change: ContractChange = {
      id: rolledBack,
      number: 'rolled back',
      status: 'signed',
      version: 2,
      sellerId: seller.id,
      clientId: null,
      valueMinor: 1_000_00,
      currency: 'PLN',
      product: null,
      occurredAt: new Date(),
      refundBps: null,
    };
    const told = app.db.transaction(async (tx) => {
      await app.nest.get(PartnerProgram).contractChanged(tx, change);
      throw new Error('the host thinks better of it');
    });
    await expect(told).rejects.toThrow('the host thinks better of it');
    await work();
    expect((await preview(rolledBack)).state).toBe('forecast');
    expect(await office.available(seller)).toEqual([10_00]);
  });

  it('[P12] [F1] pays once when the worker dies before its commit', async () => {
    const [seller] = (await team()) as [Member];
    const contractId = await office.contract(seller, 1_000_00);
    await office.status(contractId, 'signed');
    await app.owner.query(`
      create function partner_program.die() returns trigger language plpgsql security definer as
        $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
      create trigger die before insert on partner_program.commission_line for each row execute function partner_program.die()`);
    await work().catch(() => undefined);
    await app.owner.query(`drop function partner_program.die() cascade`);
    const [{ count }] = await app.owner.query<[{ count: string }]>(
      'select count(*) from partner_program.contract_event where contract_id = $1 and version = 2',
      [contractId],
    );
    expect(count).toBe('0');
    await app.owner.query(`update partner_program.job set due_at = partner_program.now_ms() where status = 'waiting'`);
    await work();
    expect(await office.available(seller)).toEqual([10_00]);
  });

  it('[P13] shows before the signing, line by line, what is posted after it', async () => {
    const team4 = (await team()) as [Member, Member, Member, Member];
    await office.admin
      .post(`/partner-program/partners/${team4[1].partnerId}/suspension`)
      .send({ reason: 'on leave' })
      .expect(201);
    const contractId = await office.contract(team4[0], 333_33);
    const before = await preview(contractId);
    expect(before.state).toBe('forecast');
    await office.status(contractId, 'signed');
    await work();
    const after = await preview(contractId);
    expect(after.state).toBe('posted');
    expect(after.lines).toEqual(before.lines);
    expect(
      after.posted!.map(({ partnerId, level, amountMinor, reason }) => ({ partnerId, level, amountMinor, reason })),
    ).toEqual(
      before.lines.map(({ partnerId, level, amountMinor, reason }) => ({ partnerId, level, amountMinor, reason })),
    );
    expect(after.lines.map(({ reason }) => reason)).toEqual(['PAID', 'INACTIVE', 'PAID']);
  });

  it('[P12] lets a status that accrued reverse from now on', async () => {
    const [seller] = (await team()) as [Member];
    const [first, second] = [await office.contract(seller, 1_000_00), await office.contract(seller, 1_000_00)];
    await office.actions({ sent: 'accrue' });
    await office.status(first, 'sent');
    await office.actions({ sent: 'reverse' });
    await office.status(second, 'signed');
    await office.status(second, 'sent');
    await office.actions({ sent: 'none' });
    await work();
    expect((await preview(first)).state).toBe('posted');
    expect((await preview(second)).state).toBe('reversed');
    expect(await office.available(seller)).toEqual([10_00]);
  });

  it('[Q8] [F26] holds back what a late event brings back', async () => {
    const [seller] = (await team()) as [Member];
    await office.plan({ kind: 'levels', levels: [{ level: 0, rateBps: 1_000 }], holdingDays: 30 });
    const told = async (version: number, status: string, refundBps: number | null): Promise<void> => {
      const sold = { id: 'late news', number: 'late', sellerId: seller.id, clientId: null, product: null };
      const change = {
        ...sold,
        version,
        status,
        refundBps,
        valueMinor: 100_00,
        currency: 'PLN',
        occurredAt: new Date(),
      };
      await app.db.transaction((tx) => app.nest.get(PartnerProgram).contractChanged(tx, change));
      await work();
    };
    await told(3, 'cancelled', null);
    await told(1, 'signed', null);
    await told(2, 'cancelled', 3_000);
    const balances = await app.owner.query<unknown[]>(
      'select kind, balance_minor as balance from partner_program.account where holder_id = $1 and balance_minor <> 0',
      [seller.partnerId],
    );
    expect(balances).toEqual([{ kind: 'maturing', balance: '700' }]);
    const path = `/partner-program/partners/${seller.partnerId}`;
    const { body: wallets } = await seller.agent.get(`${path}/wallets`).expect(200);
    expect(wallets.data).toEqual([expect.objectContaining({ availableMinor: 0, maturingMinor: 700 })]);
    const [maturing, pending] = await Promise.all(
      ['maturing', 'pending'].map((account) => seller.agent.get(`${path}/entries?account=${account}`).expect(200)),
    );
    expect(maturing!.body.data[0]).toMatchObject({ balanceAfterMinor: 700 });
    expect(pending!.body).toEqual(maturing!.body);
    await seller.agent.get(`${path}/entries?account=payouts`).expect(400);
    const { differences } = await app.nest.get(RederivationService).check();
    expect(differences).toEqual([]);
  });
});
