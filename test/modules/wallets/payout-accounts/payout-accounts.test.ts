import { bootApp, type TestApp } from '../../../support/app';
import { anAccount, loggedIn, PASSWORD } from '../../accounts/account-builder';
import { eventually } from '../../../support/eventually';
import { Office, type Member } from '../../../support/program';

const PATH = '/partner-program/payout-account';
const IBAN = 'PL61 1090 1014 0000 0712 1981 2874';

let app: TestApp;
let partner: Member;

beforeAll(async () => {
  app = await bootApp();
  partner = await (await Office.open(app)).member();
});
afterAll(() => app.close());

const put = (account: object) =>
  partner.agent.put(PATH).send({ kind: 'iban', value: IBAN, holder: 'Jan Kos', ...account });

describe('the payout account', () => {
  it('[F49] is answered masked only, and every change is mailed to the partner', async () => {
    expect((await partner.agent.get(PATH).expect(200)).body).toEqual({ account: null });
    const { body, text } = await put({}).expect(200);
    expect(body).toMatchObject({
      account: { kind: 'iban', holder: 'Jan Kos', value: 'PL61 •••• 2874', pixKind: null },
    });
    expect(text).not.toContain('10901014');
    expect((await partner.agent.get(PATH).expect(200)).text).not.toContain('10901014');
    await put({ kind: 'pix', pixKind: 'cpf', value: '529.982.247-25' }).expect(200);
    await eventually(async () => {
      const mails = (await app.mails()).filter(({ to }) => to === partner.email);
      expect(mails).toHaveLength(2);
      expect(mails.map((mail) => mail.text).join()).toContain('52•••25');
      expect(mails.map((mail) => mail.text).join()).not.toContain('52998224725');
    });
  });

  it('[F49] asks a partner who logs in here for the password', async () => {
    const external = await loggedIn(app, await anAccount(app));
    const change = (fields: object) => external.put(PATH).send({ kind: 'iban', value: IBAN, holder: 'Ewa', ...fields });
    expect((await change({}).expect(400)).body).toMatchObject({ errors: [{ field: 'password' }] });
    expect((await change({ password: 'not the password' }).expect(403)).body).toMatchObject({ code: 'WRONG_PASSWORD' });
    expect((await external.get(PATH).expect(200)).body).toEqual({ account: null });
    await change({ password: PASSWORD }).expect(200);
  });

  it('is refused when banks would not take it', async () => {
    const field = async (account: object) => {
      const { body } = await put(account).expect(400);
      return (body as { errors: { field: string }[] }).errors.map((error) => error.field);
    };
    expect(await field({ value: 'PL61109010140000071219812875' })).toEqual(['value']);
    expect(await field({ value: '=1+1' })).toEqual(['value']);
    expect(await field({ kind: 'pix', pixKind: 'cpf', value: '529.982.247-26' })).toEqual(['value']);
    expect(await field({ kind: 'pix', value: '529.982.247-25' })).toEqual(['pixKind']);
    expect(await field({ kind: 'cash' })).toEqual(['kind']);
    expect(await field({ holder: '' })).toEqual(['holder']);
  });

  it('[Q12] is given with a form', async () => {
    const html = 'text/html';
    await partner.agent
      .post(`${PATH}?_method=PUT`)
      .type('form')
      .set('accept', html)
      .send({ kind: 'iban', pixKind: '', value: IBAN, holder: 'Jan Kos' })
      .expect(303)
      .expect('location', PATH);
    const page = await partner.agent.get(PATH).set('accept', html).expect(200);
    expect(page.text).toContain('PL61 •••• 2874');
  });

  it('is for partners only', async () => {
    const admin = await app.login('admin@crm.example');
    await admin.get(PATH).expect(403);
    await app.anonymous().get(PATH).expect(401);
  });
});
