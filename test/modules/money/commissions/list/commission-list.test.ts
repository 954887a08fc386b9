import { bootApp, type TestApp } from '../../../../support/app';
import { type Member, Office } from '../../../../support/program';

const COMMISSIONS = '/partner-program/commissions';
const DAY = 24 * 60 * 60 * 1000;

let app: TestApp;
let office: Office;
let director: Member;
let manager: Member;
let seller: Member;
/** Somebody whose network all this is not. */
let stranger: Member;

/** Of 10 000.00: 10 % to the seller, 5 % and 2 % above. */
const contracts: Record<string, string> = {};

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500, 200);
  director = await office.member();
  manager = await office.member(director);
  seller = await office.member(manager);
  stranger = await office.member();
  for (const [name, status] of [
    ['draft'],
    ['sent', 'sent'],
    ['signed', 'signed'],
    ['reversed', 'signed'],
    ['dropped', 'cancelled'],
  ]) {
    contracts[name!] = await office.contract(seller, 10_000_00, { number: `K/${name}` });
    if (status) await office.status(contracts[name!]!, status);
  }
  await office.settled();
  await office.status(contracts['reversed']!, 'refunded', 4_000);
  await office.settled();
  await office.plan({
    kind: 'levels',
    currency: 'EUR',
    levels: [{ level: 0, rateBps: 100 }],
    holdingDays: 14,
  });
  contracts['maturing'] = await office.contract(seller, 5_000_00, { number: 'K/maturing', currency: 'EUR' });
  await office.status(contracts['maturing'], 'signed');
  await office.settled();
  const weights = [{ status: 'sent', action: 'none', forecastWeightBps: 6_000 }];
  await office.admin.put('/partner-program/settings/contract-statuses').send(weights).expect(200);
});
afterAll(() => app.close());

type Row = Record<string, unknown> & { number: string };
const list = async ({ agent }: Pick<Member, 'agent'>, query = '') =>
  (await agent.get(`${COMMISSIONS}${query}`).expect(200)).body as {
    data: Row[];
    nextCursor: string | null;
    totals: object[];
  };
const numbers = ({ data }: { data: Row[] }) => data.map(({ number }) => number).toSorted();

describe('[P19] what contracts pay a partner', () => {
  it('is listed in four states, with the own level, rate and amount', async () => {
    const { data } = await list(seller);
    const rows = Object.fromEntries(data.map((row) => [row.number, row]));
    expect(Object.keys(rows).toSorted()).toEqual(['K/draft', 'K/maturing', 'K/reversed', 'K/sent', 'K/signed']);
    expect(rows['K/draft']).toMatchObject({
      contractId: contracts['draft'],
      clientName: 'Klient',
      sellerName: expect.stringContaining('Jan'),
      status: { key: 'draft', label: expect.any(String) },
      value: { amountMinor: 10_000_00, currency: 'PLN' },
      attribution: 'seller',
      level: 0,
      rateBps: 1000,
      amountMinor: 1_000_00,
      state: 'forecast',
      weightBps: 10_000,
      weightedMinor: 1_000_00,
    });
    expect(rows['K/sent']).toMatchObject({ state: 'forecast', weightBps: 6_000, weightedMinor: 600_00 });
    expect(rows['K/signed']).toMatchObject({ state: 'posted', amountMinor: 1_000_00 });
    expect(rows['K/signed']).not.toHaveProperty('weightBps');
    expect(rows['K/reversed']).toMatchObject({ state: 'posted', amountMinor: 600_00, reversedMinor: 400_00 });
    const maturing = rows['K/maturing'] as unknown as { occurredAt: string; releaseAt: string };
    expect(maturing).toMatchObject({ state: 'maturing', amountMinor: 50_00, currency: 'EUR' });
    expect(Date.parse(maturing.releaseAt) - Date.parse(maturing.occurredAt)).toBe(14 * DAY);
  });

  it('is taken back as a whole once the contract is cancelled', async () => {
    await office.status(contracts['reversed']!, 'cancelled');
    await office.settled();
    const { data } = await list(seller, '?state=reversed');
    expect(data).toMatchObject([{ number: 'K/reversed', state: 'reversed', amountMinor: 0, reversedMinor: 1_000_00 }]);
  });

  it('has the exact sums of the filter, plain and by the weights of forecasts', async () => {
    expect((await list(seller)).totals).toEqual([
      { currency: 'EUR', contracts: 1, amountMinor: 50_00 },
      { currency: 'PLN', contracts: 4, amountMinor: 3_000_00, weightedMinor: 1_600_00 },
    ]);
    expect((await list(director, '?state=forecast')).totals).toEqual([
      { currency: 'PLN', contracts: 2, amountMinor: 400_00, weightedMinor: 320_00 },
    ]);
    expect((await list(stranger)).totals).toEqual([]);
  });

  it.each([
    ['?state=posted', ['K/signed']],
    ['?state=maturing', ['K/maturing']],
    ['?currency=EUR', ['K/maturing']],
    ['?level=1', []],
    ['?status=sent', ['K/sent']],
    ['?search=matur', ['K/maturing']],
    ['?search=klien', ['K/draft', 'K/maturing', 'K/reversed', 'K/sent', 'K/signed']],
    ['?search=%25', []],
    ['?search=nobody', []],
    ['?from=2100-01-01', []],
    ['?to=2000-01-01', []],
  ])('is filtered by %s', async (query, expected) => {
    expect(numbers(await list(seller, query))).toEqual(expected);
  });

  it.each(['date', 'amount'])('is read page by page in the order of the %s', async (sort) => {
    const whole = await list(seller, `?sort=${sort}`);
    const paged: Row[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof list>> = await list(
        seller,
        `?sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      paged.push(...page.data);
      cursor = page.nextCursor;
      expect(page.totals).toEqual(whole.totals);
    }
    expect(paged).toEqual(whole.data);
    expect(new Set(paged.map(({ number }) => number)).size).toBe(5);
    const keys = paged.map((row) => (sort === 'date' ? Date.parse(row['occurredAt'] as string) : row['amountMinor']));
    expect(keys).toEqual((keys as number[]).toSorted((a, b) => b - a));
  });

  it('is one’s own, and for holders of manageBalances anybody’s', async () => {
    expect(numbers(await list({ agent: office.admin }, `?partnerId=${manager.partnerId}`))).toHaveLength(4 + 1);
    const other = await manager.agent.get(`${COMMISSIONS}?partnerId=${seller.partnerId}`).expect(404);
    expect(other.body.code).toBe('NOT_FOUND');
    expect((await office.admin.get(COMMISSIONS).expect(403)).body.code).toBe('NOT_A_PARTNER');
    const unknown = '019400ab-0000-7000-8000-000000000000';
    await office.admin.get(`${COMMISSIONS}?partnerId=${unknown}`).expect(404);
    await seller.agent.get(`${COMMISSIONS}?cursor=x`).expect(400);
    await seller.agent.get(`${COMMISSIONS}?partnerId=x`).expect(400);
  });

  it('is a table for a spreadsheet, as filtered', async () => {
    const { text } = await seller.agent.get(`${COMMISSIONS}.csv?state=forecast`).expect(200);
    const [head, ...rows] = text.trim().split('\r\n');
    expect(head).toContain('Stan prowizji');
    expect(rows).toHaveLength(2);
    expect(rows.join()).toContain('Prognoza');
  });

  it('is on the dashboard by currency: forecast, weighed, maturing and until when', async () => {
    const { wallets } = (await seller.agent.get('/partner-program').expect(200)).body;
    expect(wallets).toEqual([
      expect.objectContaining({ currency: 'EUR', maturingMinor: 50_00, forecastMinor: 0, weightedForecastMinor: 0 }),
      expect.objectContaining({
        currency: 'PLN',
        maturingMinor: 0,
        forecastMinor: 2_000_00,
        weightedForecastMinor: 1_600_00,
      }),
    ]);
    const [euros] = (await list(seller, '?state=maturing')).data;
    expect(Date.parse(wallets[0].nextReleaseAt)).toBe(Date.parse(euros!['releaseAt'] as string));
  });

  it('follows plans, moves and suspensions at once: a forecast is what would be paid now', async () => {
    const before = await list(manager, '?state=forecast');
    expect(before.totals).toMatchObject([{ amountMinor: 1_000_00 }]);
    const suspension = `/partner-program/partners/${manager.partnerId}/suspension`;
    await office.admin.post(suspension).send({ reason: 'Do wyjaśnienia' }).expect(201);
    const { data } = await list(manager, '?state=forecast');
    expect(data).toMatchObject([
      { amountMinor: 0, reason: 'INACTIVE' },
      { amountMinor: 0, reason: 'INACTIVE' },
    ]);
    await office.admin.delete(suspension).expect(204);
    expect(await list(manager, '?state=forecast')).toEqual(before);
  });

  it('names no day for what is held back no more', async () => {
    const other = await office.contract(seller, 9_000_00, { currency: 'EUR' });
    await office.status(other, 'signed');
    await office.settled();
    await office.status(contracts['maturing']!, 'cancelled');
    await office.settled();
    const [row] = (await list(seller, '?state=maturing')).data;
    expect(row).toMatchObject({ contractId: other, amountMinor: 90_00 });
    const { wallets } = (await seller.agent.get('/partner-program').expect(200)).body;
    expect(Date.parse(wallets[0].nextReleaseAt)).toBe(Date.parse(row!['releaseAt'] as string));
  });
});
