import { PERMISSIONS } from '../../../../../modules/host';
import { FORM_OWNER, ownerMark } from '../../../../../modules/platform/web/forms/form-owner';
import openapi from '../../../../../openapi.json';
import { bootApp, type Agent, type TestApp } from '../../../../support/app';
import { type Member, Office } from '../../../../support/program';

const BASE = '/partner-program';

let app: TestApp;
let office: Office;
/** Holds every permission, and has a partner account as everybody else. */
let admin: Member;
let other: Member;

beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500);
  admin = await office.member(undefined, { permissions: PERMISSIONS });
  other = await office.member(admin);
});
afterAll(() => app.close());

/** The same person in a browser of its own, whose forms say for whom they were made only where the page does. */
async function browserOf({ email }: { readonly email: string }): Promise<Agent> {
  const agent = app.anonymous();
  await agent.post('/crm/sessions').send({ email, password: 'partner-program' }).expect(201);
  return agent;
}

const html = (agent: Agent, path: string) => agent.get(path).set('accept', 'text/html');
const submit = (agent: Agent, path: string, fields: object) =>
  agent.post(path).set('accept', 'text/html').type('form').send(fields);

function formsOf(page: string): string[] {
  const forms = [...page.matchAll(/<form\b(?=[^>]*method="post")[^>]*>[^]*?<\/form>/g)].map(([form]) => form);
  return forms.filter((form) => !form.includes('action="/crm/')); // the frame around the page is the CRM's
}

describe('[Q16] a form is carried out only for whom it was made', () => {
  it('on every page, each form says who that is', async () => {
    const agent = await browserOf(admin);
    const pages = Object.entries(openapi.paths)
      .filter(([path, item]) => 'get' in item && !path.includes('{'))
      .map(([path]) => path);
    let forms = 0;
    for (const path of [...pages, `${BASE}/partners/${other.partnerId}`]) {
      const { text = '', type } = await html(agent, path);
      if (type !== 'text/html') continue;
      for (const form of formsOf(text)) {
        forms += 1;
        expect([path, form]).toEqual([
          path,
          expect.stringMatching(new RegExp(`name="${FORM_OWNER}"|${FORM_OWNER}(=|&#x3D;)`)),
        ]);
      }
    }
    expect(forms).toBeGreaterThan(15);
  });

  it('and on every route that takes one, another person is refused and told why', async () => {
    const agent = await browserOf(admin);
    const foreign = ownerMark({ ref: 'user:somebody else' });
    const writes = Object.entries(openapi.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, { security?: readonly unknown[] }>)
        .filter(([method]) => ['post', 'put', 'patch', 'delete'].includes(method))
        .map(([method]) => [method.toUpperCase(), path.replace(/\{\w+\}/g, other.partnerId)] as const),
    );
    expect(writes.length).toBeGreaterThan(40);
    for (const [method, path] of writes) {
      const { status } = await submit(agent, `${path}?_method=${method}`, { [FORM_OWNER]: foreign });
      expect([method, path, status]).toEqual([method, path, 409]);
    }
  });

  it('[F45] also by its key alone, and nothing happens', async () => {
    const browser = await browserOf(admin);
    const gift = { amountMinor: 500_00, currency: 'PLN', reason: 'Saldo na początek programu' };
    for (const { partnerId } of [admin, other]) {
      await office.admin.post(`${BASE}/partners/${partnerId}/adjustments`).send(gift).expect(201);
    }
    const { text } = await html(browser, `${BASE}/withdrawals/request`);
    const idempotencyKey = /name="idempotencyKey" value="([^"]+)"/.exec(text)![1]!;
    await browser.post('/crm/sessions').send({ email: other.email, password: 'partner-program' }).expect(201);
    const form = { idempotencyKey, currency: 'PLN', amountMinor: '300,00' };
    const refused = await submit(browser, `${BASE}/withdrawals`, form).expect(409);
    expect(refused.text).toMatch(/przygotowany dla kogoś innego/);
    expect((await other.agent.get(`${BASE}/withdrawals`).expect(200)).body).toMatchObject({ data: [] });
    await submit(browser, `${BASE}/withdrawals`, { currency: 'PLN', amountMinor: '300,00' }).expect(409);
    const { text: own } = await html(browser, `${BASE}/withdrawals/request`);
    const key = /name="idempotencyKey" value="([^"]+)"/.exec(own)![1]!;
    await submit(browser, `${BASE}/withdrawals`, { ...form, idempotencyKey: key }).expect(303);
    expect((await other.agent.get(`${BASE}/withdrawals`).expect(200)).body).toMatchObject({
      data: [{ status: 'pending', amountMinor: 300_00 }],
    });
  });

  it('[P6] so that nobody accepts terms that somebody else was shown', async () => {
    const [first, second] = [await office.user(), await office.user()];
    const browser = await browserOf(first);
    const { text } = await html(browser, `${BASE}/membership`);
    const termsVersionId = /name="termsVersionId" value="([^"]+)"/.exec(text)![1];
    await browser.post('/crm/sessions').send({ email: second.email, password: 'partner-program' }).expect(201);
    await submit(browser, `${BASE}/membership`, { termsVersionId }).expect(409);
    expect((await browser.get(`${BASE}/membership`).expect(200)).body).toMatchObject({ state: 'none' });
  });
});

describe('a client that has seen no form', () => {
  it('needs no mark, neither with JSON nor with an upload', async () => {
    const agent = await browserOf(admin);
    await agent.patch(`${BASE}/settings`).expect(405);
    await agent.put(`${BASE}/settings`).send({ requireAcceptance: true }).expect(200);
  });
});
