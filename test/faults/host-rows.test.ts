import { randomUUID } from 'node:crypto';
import { VERDICTS } from '../abuse/verdicts';
import { tillOf } from '../modules/money/redemptions/till';
import { bootApp, type TestApp } from '../support/app';
import { expectIntegrity } from '../support/oracle';
import { Office, type Member } from '../support/program';

jest.setTimeout(90_000);

let app: TestApp;
let office: Office;
let director: Member;
let seller: Member;
let contractId: string;
let withdrawalId: string;
let entryId: string;
const till = tillOf(() => office);

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500);
  director = await office.member();
  seller = await office.member(director);
  contractId = await office.contract(seller, 1_000_00);
  await office.status(contractId, 'signed');
  await office.settled();
  withdrawalId = await till.asked(seller, 60_00);
  await till.pay(withdrawalId, { reference: 'transfer 1' }).expect(201);
  await till.asked(director, 20_00);
  const { body } = await office.admin.get(`/partner-program/partners/${seller.partnerId}/entries`).expect(200);
  entryId = (body as { data: { id: string; kind: string }[] }).data.find(({ kind }) => kind === 'commission')!.id;
});
afterAll(() => app.close());

const ledger = () =>
  app.owner.query(
    `select t.key, t.kind, to_jsonb(a) as account, to_jsonb(e) as entry
       from partner_program.entry e join partner_program.transaction t on t.id = e.transaction_id
       join partner_program.account a on a.id = e.account_id order by e.transaction_id, e.line`,
  );

/** Every page that an administrator may look at, about the seller, the contract and the withdrawal. */
const PAGES = Object.entries(VERDICTS).flatMap(([route, verdict]) => {
  const [method, path] = route.split(' ') as [string, string];
  const letIn = Object.entries(verdict).some(([status, who]) => status === '200' && who.split(' ').includes('admin'));
  const here = /withdrawals\/:id$|:entryId/.test(path); // of these there is one here
  return method === 'GET' && (letIn || here) ? [path] : [];
});

function addressOf(path: string): string {
  const id = path.includes('/withdrawals/')
    ? withdrawalId
    : path.includes('/partners/')
      ? seller.partnerId
      : randomUUID();
  return path
    .replace(':id', id)
    .replace(':entryId', entryId)
    .replace(':contractId', contractId)
    .replace(':versionId', office.termsVersionId)
    .replace(':notice', 'confirmed');
}

async function statuses(accept: string): Promise<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const path of PAGES) all[path] = (await office.admin.get(addressOf(path)).set('accept', accept)).status;
  return all;
}

describe('[F43] a CRM that deletes what the program is about', () => {
  it('leaves the books and everything that shows them as they were', async () => {
    const before = {
      ledger: await ledger(),
      json: await statuses('application/json'),
      html: await statuses('text/html'),
    };
    expect(before.ledger.length).toBeGreaterThan(5);
    for (const seen of [before.json, before.html]) expect(new Set(Object.values(seen))).toEqual(new Set([200]));
    await app.owner.query('truncate crm.contract, crm.contract_change, crm.client');
    await app.owner.query(`update crm."user" set supervisor_id = null`);
    await app.owner.query(`delete from crm.session`);
    await app.owner.query(`delete from crm."user" where email <> 'admin@crm.example'`);
    const again = await app.login('admin@crm.example');
    Object.assign(office, { admin: again });

    expect(await ledger()).toEqual(before.ledger);
    // Only what is asked of the CRM itself, the forecast of a contract, is gone with it.
    const gone = Object.fromEntries(PAGES.filter((path) => /commission-preview/.test(path)).map((path) => [path, 404]));
    expect(await statuses('application/json')).toEqual({ ...before.json, ...gone });
    expect(await statuses('text/html')).toEqual({ ...before.html, ...gone });
    const { body } = await again.get(`/partner-program/partners/${seller.partnerId}/entries`).expect(200);
    expect((body as { data: { kind: string }[] }).data.map(({ kind }) => kind)).toContain('commission');
    await expectIntegrity(app.owner);
  });

  it('keeps nobody from settling what was asked for, nor from deriving every commission again', async () => {
    const { body } = await office.admin.get('/partner-program/withdrawals?status=pending').expect(200);
    const [pending] = (body as { data: { id: string }[] }).data;
    await till.pay(pending!.id, { reference: 'transfer 2' }).expect(201);
    const derived = await office.admin.get('/partner-program/rederivation').expect(200);
    expect(derived.body).toMatchObject({ differences: [] });
  });

  it('cannot take partners, their movements or what they accepted with it', async () => {
    for (const table of ['partner', 'account', 'transaction', 'entry', 'terms_acceptance', 'withdrawal']) {
      for (const db of [app.db, app.owner]) {
        await expect(db.query(`delete from partner_program.${table}`)).rejects.toThrow(
          /permission denied|append-only|violates|refused|foreign key/,
        );
      }
    }
    await expectIntegrity(app.owner);
  });
});
