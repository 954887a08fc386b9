import { randomUUID } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { PROGRAM_OPTIONS, type PartnerProgramOptions } from '../../../../modules/options';
import { bootApp, type Agent, type TestApp } from '../../../support/app';
import { Office, type Member } from '../../../support/program';
import { faultsOf } from './pain-001';

const BASE = '/partner-program/withdrawals';
const FILE = `${BASE}/payment-file`;
const IBAN = 'PL61109010140000071219812874';

let app: TestApp;
let office: Office;
let admin: Agent;

beforeAll(async () => {
  app = await bootApp({ worker: false });
  office = await Office.open(app);
  ({ admin } = office);
});
afterAll(() => app.close());
afterEach(async () => {
  const { body } = await admin.get(`${BASE}?status=pending&limit=100`).expect(200);
  for (const { id } of (body as { data: { id: string }[] }).data) {
    await admin.post(`${BASE}/${id}/rejection`).send({ reason: 'The test is over now' }).expect(201);
  }
});

async function aWithdrawal(amountMinor: number, account?: object, note?: string): Promise<string> {
  const partner: Member = await office.member();
  const change = { amountMinor, currency: 'PLN', reason: 'Bonus agreed upon by telephone' };
  await admin.post(`/partner-program/partners/${partner.partnerId}/adjustments`).send(change).expect(201);
  if (account) await partner.agent.put('/partner-program/payout-account').send(account).expect(200);
  const { body } = await partner.agent.post(BASE).send({ amountMinor, currency: 'PLN', note }).expect(201);
  return (body as { id: string }).id;
}

const iban = (holder: string) => ({ kind: 'iban', value: IBAN, holder });

/** The account that pays is a matter of the installation: the running one gets it as its host would have given it. */
function payBy(payer: PartnerProgramOptions['payer']): void {
  const options: PartnerProgramOptions = app.nest.get(PROGRAM_OPTIONS);
  Object.assign(options, { payer });
}

describe('[P17] the payments as a table', () => {
  it('[F76] lists what is to be paid, in full, with no formula in it', async () => {
    const first = await aWithdrawal(1_234_50, iban('=SUM(A1)'), '@note, +1');
    const second = await aWithdrawal(20_00, { kind: 'pix', pixKind: 'phone', value: '+5511987654321', holder: 'Ana' });
    const third = await aWithdrawal(30_00);
    const { text, headers } = await admin.get(`${FILE}?format=csv`).set('accept-language', 'pl').expect(200);
    expect(headers).toMatchObject({ 'content-disposition': 'attachment; filename="payments.csv"' });
    const rows = text.trim().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(';').slice(2))).toEqual([
      [`"'=SUM(A1)"`, '"iban"', `"${IBAN}"`, '"1234,50"', '"PLN"', `"'@note,' +1"`, `"${first}"`],
      ['"Ana"', '"phone"', '"+5511987654321"', '"20,00"', '"PLN"', '""', `"${second}"`],
      ['""', '""', '""', '"30,00"', '"PLN"', '""', `"${third}"`],
    ]);
    const chosen = await admin.get(`${FILE}?format=csv&ids=${second}`).expect(200);
    expect(chosen.text.trim().split('\r\n')).toHaveLength(2);
  });
});

describe('[P17] the payments as pain.001', () => {
  it('needs to know who pays', async () => {
    payBy(undefined);
    await aWithdrawal(20_00, iban('Jan'));
    expect((await admin.get(`${FILE}?format=pain001`).expect(409)).body).toMatchObject({ code: 'NO_PAYER' });
  });

  it('[F47] is the same file under the same name for the same payments, and settles nothing', async () => {
    payBy({ name: 'Spółka Przykładowa', iban: 'DE89370400440532013000' });
    const id = await aWithdrawal(20_00, iban('Łukasz Ćwik'));
    const other = await aWithdrawal(30_00, iban('Jan'));
    const withoutIban = await aWithdrawal(40_00);
    const file = async (query: string) => {
      const { text, headers } = await admin.get(`${FILE}?format=pain001${query}`).expect(200);
      expect(headers).toMatchObject({ 'content-type': 'application/xml' });
      expect(faultsOf(text)).toEqual([]);
      const name = /filename="(.*)"/.exec(String(headers['content-disposition']))![1]!;
      const tree = new XMLParser({ parseTagValue: false }).parse(text) as {
        Document: { CstmrCdtTrfInitn: { GrpHdr: Record<string, string>; PmtInf: Record<string, object> } };
      };
      return { name, header: tree.Document.CstmrCdtTrfInitn.GrpHdr, payments: tree.Document.CstmrCdtTrfInitn.PmtInf };
    };
    const first = await file(`&ids=${id},${other}`);
    expect(first.header).toMatchObject({ NbOfTxs: '2', CtrlSum: '50.00', InitgPty: { Nm: 'Spolka Przykladowa' } });
    expect(first.payments['CdtTrfTxInf']).toMatchObject([
      { PmtId: { EndToEndId: id.replaceAll('-', '') }, Cdtr: { Nm: 'Lukasz Cwik' }, CdtrAcct: { Id: { IBAN } } },
      { PmtId: { EndToEndId: other.replaceAll('-', '') } },
    ]);
    const again = await file('&again=true');
    expect([again.name, again.header['MsgId']]).toEqual([first.name, first.header['MsgId']]);
    expect((await file(`&ids=${id}`)).name).not.toBe(first.name);

    expect((await admin.get(`${FILE}?format=pain001&ids=${id},${withoutIban}`).expect(422)).body).toMatchObject({
      code: 'IBAN_MISSING',
      withdrawalIds: [withoutIban],
    });
    expect((await admin.get(`${BASE}/${id}`).expect(200)).body).toMatchObject({ status: 'pending' });
    await admin.post(`${BASE}/${id}/payout`).send({}).expect(201);
    expect((await admin.get(`${FILE}?format=pain001&ids=${id}`).expect(409)).body).toMatchObject({
      code: 'WITHDRAWAL_NOT_PENDING',
      state: 'paid',
    });
  });

  it('is for holders of manageBalances, of withdrawals that there are', async () => {
    const partner = await office.member();
    await partner.agent.get(`${FILE}?format=csv`).expect(403);
    await admin.get(`${FILE}?format=csv&ids=${randomUUID()}`).expect(404);
    for (const query of ['', '?format=xls', '?format=csv&ids=x']) await admin.get(`${FILE}${query}`).expect(400);
  });
});
