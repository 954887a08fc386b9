import { PartnerProgram } from '../../../../modules';
import { bootApp, type TestApp } from '../../../support/app';
import { type Member, Office } from '../../../support/program';

let app: TestApp;
let office: Office;
let manager: Member;
let seller: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1250, 500);
  manager = await office.member();
  seller = await office.member(manager);
});
afterAll(() => app.close());

const preview = async (contract: string, query = '') =>
  (await office.admin.get(`/partner-program/contracts/${contract}/commission-preview${query}`).expect(200)).body;
const page = async (contract: string) =>
  (await office.admin.get(`/partner-program/contracts/${contract}/commission-preview`).accept('html').expect(200)).text;

it('[P13] says whether the present status calculates anything', async () => {
  const contract = await office.contract(seller, 1_000_00);
  expect(await preview(contract)).toMatchObject({ state: 'forecast', statusAction: 'none' });
  expect(await page(contract)).toContain('Obecny status umowy niczego nie nalicza');
  await office.status(contract, 'signed');
  await office.settled();
  expect(await preview(contract)).toMatchObject({ state: 'posted', statusAction: 'accrue' });
  expect(await page(contract)).not.toContain('Obecny status umowy niczego nie nalicza');
});

it('[P13] says what rounding leaves with the company', async () => {
  const contract = await office.contract(seller, 12_345_67);
  const { lines, roundedOff } = await preview(contract);
  expect(lines.map(({ amountMinor }: { amountMinor: number }) => amountMinor)).toEqual([1_543_20, 617_28]);
  expect(roundedOff).toBe(8750 + 3500);
  expect((await preview(contract, '?amountMinor=10000')).roundedOff).toBe(0);
});

it('[P13] says that no plan is for this currency, and puts the posted beside the forecast', async () => {
  const foreign = await office.contract(seller, 1_000_00, { currency: 'EUR' });
  expect(await page(foreign)).toContain('Żaden obowiązujący plan w walucie EUR');
  const contract = await office.contract(seller, 1_000_00);
  await office.status(contract, 'signed');
  await office.settled();
  await office.status(contract, 'refunded', 4000);
  await office.settled();
  expect((await page(contract)).replace(/\s/g, ' ')).toContain('-50,00 zł');
});

it('[P13] shows no amount in a unit that is not there', async () => {
  const contract = await office.contract(seller, 1_000_00);
  await app.owner.query(`update crm.contract set currency = 'QQQ' where id = $1`, [contract]);
  const path = `/partner-program/contracts/${contract}/commission-preview`;
  const { body } = await office.admin.get(path).expect(422);
  expect(body).toMatchObject({ code: 'CURRENCY_UNKNOWN', currency: 'QQQ' });
  const stranger = await office.member();
  await stranger.agent.get(path).expect(404);
});

it('[P13] [Q10] [F76] is a table to take along, with the posted beside the forecast', async () => {
  const eve = await office.member(manager, { firstName: '=1+1', lastName: 'Kos' });
  const contract = await office.contract(eve, 1_000_00);
  const table = async (query = '') => {
    const path = `/partner-program/contracts/${contract}/commission-preview.csv${query}`;
    const reply = await office.admin
      .get(path)
      .expect(200)
      .expect('content-type', /text\/csv/);
    return reply.text.replace('\ufeff', '').trim().split('\r\n');
  };
  const [head, own, above] = await table();
  expect(head).toBe('"Poziom";"Partner";"Podstawa";"Stawka";"Kwota";"Waluta";"Dlaczego";"Reguła"');
  expect(own).toMatch(/^"0";"'=1\+1 Kos";"1000,00";"12,5%";"125,00";"PLN";/);
  expect(above).toMatch(/^"1";"Jan [^"]+";"1000,00";"5%";"50,00";"PLN";/);
  expect((await table('?amount=200,00'))[1]).toContain('"25,00"');
  await office.status(contract, 'signed');
  await office.settled();
  await office.status(contract, 'refunded', 4000);
  await office.settled();
  expect((await table())[1]).toMatch(/;"75,00"$/);
  const path = `/partner-program/contracts/${contract}/commission-preview.csv`;
  expect((await eve.agent.get(path).expect(200)).text.trim().split('\r\n')).toHaveLength(2);
});

it('[P13] [Q1] tries another base under the plan that would be for it', async () => {
  const large = await office.plan({
    kind: 'levels',
    levels: [{ level: 0, rateBps: 2000 }],
    conditions: { minimumValueMinor: 5_000_00 },
  });
  const contract = await office.contract(seller, 1_000_00);
  expect((await preview(contract)).planVersionId).not.toBe(large);
  expect(await preview(contract, '?amountMinor=500000')).toMatchObject({ planVersionId: large, totalMinor: 1_000_00 });
  await office.status(contract, 'signed');
  await office.settled();
  // Signed, it stays under its plan whatever becomes of its value.
  expect((await preview(contract, '?amountMinor=500000')).planVersionId).not.toBe(large);
});

it('[P15] names a contract in the history by the number that people know it by', async () => {
  const contract = await office.contract(seller, 1_000_00, { number: 'K/2026/<7>' });
  await office.status(contract, 'signed');
  await office.settled();
  const path = `/partner-program/partners/${seller.partnerId}/entries`;
  const { body } = await seller.agent.get(path).expect(200);
  expect(body.data[0]).toMatchObject({ contractId: contract, contractNumber: 'K/2026/<7>' });
  expect((await seller.agent.get(path).accept('html').expect(200)).text).toContain('Umowa K/2026/&lt;7&gt;</a>');
  expect((await seller.agent.get(`${path}.csv`).expect(200)).text).toContain(';"K/2026/<7>";"K/2026/<7>";');
});

it('[P19] is shown on the page of the CRM to whoever has a line on it, and to nobody else', async () => {
  const stranger = await office.member();
  const contract = await office.contract(seller, 1_000_00);
  const program = app.nest.get(PartnerProgram);
  const line = (level: number, amountMinor: number) => ({ level, amountMinor, currency: 'PLN', state: 'forecast' });
  expect(await program.lineOf(contract, seller.id)).toEqual(line(0, 125_00));
  expect(await program.lineOf(contract, manager.id)).toEqual(line(1, 50_00));
  expect(await program.lineOf(contract, stranger.id)).toBeNull();
  expect(await program.lineOf(contract, 'nobody')).toBeNull();
  const button = `href="/partner-program/contracts/${contract}/commission-preview"`;
  for (const [{ agent }, shown] of [
    [seller, true],
    [manager, true],
    [stranger, false],
  ] as const) {
    const { text } = await agent.get(`/crm/contracts/${contract}`).accept('html').expect(200);
    expect(text.includes(button)).toBe(shown);
  }
});
