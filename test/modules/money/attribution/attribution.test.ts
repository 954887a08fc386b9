import { randomUUID } from 'node:crypto';
import { PartnerProgram } from '../../../../modules';
import type { ContractChange } from '../../../../modules';
import { attributionOf } from '../../../../modules/money/attribution/attribution';
import type { Candidate } from '../../../../modules/money/attribution/attribution';
import { bootApp, type TestApp } from '../../../support/app';
import { type Member, Office } from '../../../support/program';

const ORDER = ['contract', 'clientLink', 'seller'] as const;
const candidate = (source: Candidate['source'], fields: Partial<Candidate> = {}): Candidate => {
  return { source, partnerId: `of ${source}`, joined: true, isClient: false, ...fields };
};

describe('[P20] whose contract it is', () => {
  it.each([
    ['the person named on it goes first', [candidate('seller'), candidate('contract')], 'code', 'contract'],
    ['then whoever referred the client', [candidate('seller'), candidate('clientLink')], null, 'clientLink'],
    ['else the seller', [candidate('seller')], null, 'seller'],
    ['a name that nobody has is passed over', [candidate('seller')], 'nobody', 'seller'],
    ['so is who joined later', [candidate('contract', { joined: false }), candidate('seller')], 'code', 'seller'],
    ['so is who referred himself', [candidate('clientLink', { isClient: true }), candidate('seller')], null, 'seller'],
    ['selling to oneself is work', [candidate('seller', { isClient: true })], null, 'seller'],
  ] as const)('%s', (_, candidates, referredBy, source) => {
    expect(attributionOf(ORDER, candidates, referredBy)).toEqual({ source, partnerId: `of ${source}`, reason: null });
  });

  it.each([
    ['NO_ATTRIBUTION', [], null],
    ['REFERRER_UNKNOWN', [], 'nobody'],
    ['NOT_JOINED_YET', [candidate('seller', { joined: false })], null],
    ['SELF_REFERRAL', [candidate('contract', { isClient: true }), candidate('seller', { joined: false })], 'code'],
  ] as const)('nobody’s, because of %s', (reason, candidates, referredBy) => {
    expect(attributionOf(ORDER, candidates, referredBy)).toEqual({ source: null, partnerId: null, reason });
  });

  it('is asked in the order of the settings, and only there', () => {
    const candidates = ORDER.map((source) => candidate(source));
    expect(attributionOf(['seller', 'contract'], candidates, 'code').source).toBe('seller');
    expect(attributionOf(['clientLink'], [candidate('seller')], null).reason).toBe('NO_ATTRIBUTION');
  });
});

describe('[P20] a contract that names a partner', () => {
  let app: TestApp;
  let office: Office;
  let manager: Member;
  let seller: Member;
  let referrer: Member;
  let code: string;

  beforeAll(async () => {
    app = await bootApp();
    office = await Office.open(app);
    await office.levels(1000, 300);
    manager = await office.member();
    seller = await office.member(manager);
    referrer = await office.member(manager);
    code = (await referrer.agent.get('/partner-program').expect(200)).body.referralLink.code;
  });
  afterAll(() => app.close());

  async function report(fields: Partial<ContractChange> = {}): Promise<ContractChange> {
    const change: ContractChange = {
      id: randomUUID(),
      number: 'U/1',
      status: 'signed',
      version: 1,
      sellerId: seller.id,
      clientId: null,
      valueMinor: 1_000_00,
      currency: 'PLN',
      product: null,
      refundBps: null,
      occurredAt: new Date(),
      ...fields,
    };
    await app.db.transaction((tx) => app.nest.get(PartnerProgram).contractChanged(tx, change));
    await office.settled();
    return change;
  }

  const kept = async (contractId: string) =>
    app.owner.query(
      `select version, attributed_to, attribution_source, attribution_reason from partner_program.contract_event
        where contract_id = $1 order by version`,
      [contractId],
    );
  const paid = async (contractId: string): Promise<Record<string, number>> => {
    const lines: { id: string; minor: string }[] = await app.owner.query(
      `select l.partner_id as id, sum(l.posted_minor) as minor from partner_program.commission_line l
         join partner_program.calculation c on c.id = l.calculation_id
        where c.contract_id = $1 group by 1 having sum(l.posted_minor) <> 0`,
      [contractId],
    );
    return Object.fromEntries(lines.map(({ id, minor }) => [id, Number(minor)]));
  };

  it.each([
    ['the code', () => code],
    ['the code as people type it', () => ` ${code.toUpperCase()} `],
    ['the id', () => referrer.partnerId],
  ])('by %s credits that partner and the uplines', async (_, named) => {
    const { id } = await report({ referredBy: named() });
    expect(await kept(id)).toEqual([
      { version: 1, attributed_to: referrer.partnerId, attribution_source: 'contract', attribution_reason: null },
    ]);
    expect(await paid(id)).toEqual({ [referrer.partnerId]: 100_00, [manager.partnerId]: 30_00 });
  });

  it('credits the seller where the name is unknown, and nobody where there is none, and says why', async () => {
    const known = await report({ referredBy: 'nosuchcode' });
    expect(await paid(known.id)).toEqual({ [seller.partnerId]: 100_00, [manager.partnerId]: 30_00 });
    const unknown = await report({ referredBy: randomUUID(), sellerId: null });
    expect(await paid(unknown.id)).toEqual({});
    expect(await kept(unknown.id)).toMatchObject([{ attributed_to: null, attribution_reason: 'REFERRER_UNKNOWN' }]);
  });

  it('keeps an accrual with whom it was attributed to when it began; what accrues after a correction follows it', async () => {
    const { id, ...first } = await report();
    await report({ ...first, id, version: 2, sellerId: referrer.id, valueMinor: 2_000_00 });
    expect(await paid(id)).toEqual({ [seller.partnerId]: 200_00, [manager.partnerId]: 60_00 });
    await report({ ...first, id, version: 3, sellerId: referrer.id, status: 'cancelled' });
    expect(await paid(id)).toEqual({});
    await report({ ...first, id, version: 4, sellerId: referrer.id });
    expect(await paid(id)).toEqual({ [referrer.partnerId]: 100_00, [manager.partnerId]: 30_00 });
  });

  it('ends in the same balances when it is reported late, twice and out of order', async () => {
    const occurredAt = new Date();
    const id = randomUUID();
    await report({ id, version: 2, sellerId: referrer.id, valueMinor: 3_000_00, occurredAt });
    expect(await paid(id)).toEqual({ [referrer.partnerId]: 300_00, [manager.partnerId]: 90_00 });
    await report({ id, version: 1, occurredAt });
    await report({ id, version: 1, occurredAt });
    await report({ id, version: 2, sellerId: referrer.id, valueMinor: 3_000_00, occurredAt });
    expect(await paid(id)).toEqual({ [seller.partnerId]: 300_00, [manager.partnerId]: 90_00 });
  });

  it('is asked in the order of the settings from then on', async () => {
    const settings = (attributionOrder: string[]) =>
      office.admin.put('/partner-program/settings').send({ attributionOrder });
    expect((await settings(['seller', 'contract']).expect(200)).body.attributionOrder).toEqual(['seller', 'contract']);
    const { id } = await report({ referredBy: code });
    expect(await paid(id)).toEqual({ [seller.partnerId]: 100_00, [manager.partnerId]: 30_00 });
    for (const wrong of [[], ['seller', 'seller'], ['nobody'], 'seller', null]) {
      await settings(wrong as string[]).expect(400);
    }
    await settings([...ORDER]).expect(200);
  });

  it('[Q3] can be derived again', async () => {
    const { body } = await office.admin.get('/partner-program/rederivation').expect(200);
    expect(body).toMatchObject({ ok: true, differences: [] });
    expect(body.contracts).toBeGreaterThan(5);
  });
});
