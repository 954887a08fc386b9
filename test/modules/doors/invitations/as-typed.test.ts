import type { TestApp } from '../../../support/app';
import { bootApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { type Member, Office } from '../../../support/program';

let app: TestApp;
let office: Office;
let inviter: Member;
let code: string;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  inviter = await office.member();
  const { body } = await inviter.agent.get('/partner-program').expect(200);
  ({ code } = (body as { referralLink: { code: string } }).referralLink);
});
afterAll(() => app.close());

const invite = (fields: object) =>
  inviter.agent
    .post('/partner-program/invitations')
    .send({ firstName: 'Ola', lastName: 'Sowa', email: 'ola@poczta.example', subject: 'Hej', body: 'Hej', ...fields });
const register = (fields: object) =>
  app
    .anonymous()
    .post(`/partner-program/registrations/link/${code}`)
    .send({
      email: `nowa${Math.random()}@poczta.example`,
      firstName: 'Ola',
      lastName: 'Sowa',
      password: 'zielona łąka o świcie',
      termsVersionId: office.termsVersionId,
      ...fields,
    });

describe('[P10] a link as it arrives', () => {
  const BEHIND = ['', '.', '%20', '%3E', ')', '..', ',', '%22', '%E2%80%9D'];

  it('of an invitation opens with whatever a mail program left behind it', async () => {
    await invite({ email: 'link@poczta.example' }).expect(201);
    const token = await eventually(async () => {
      const mail = (await app.mails()).find(({ to }) => to === 'link@poczta.example');
      return /\/zaproszenie\/([^\s/]+)/.exec(mail!.text)![1]!;
    });
    for (const rest of BEHIND) await app.anonymous().get(`/zaproszenie/${token}${rest}`).expect(200);
    await app.anonymous().get(`/zaproszenie/${token}x`).expect(410);
  });

  it('of a partner too, and a code that was typed begins with a capital', async () => {
    for (const rest of BEHIND) await app.anonymous().get(`/rejestracja/${code}${rest}`).expect(200);
    await app.anonymous().get(`/rejestracja/${code.toUpperCase()}`).expect(200);
    await app.anonymous().get(`/rejestracja/${code}x`).expect(410);
  });
});

describe('[P7] an address as people write it', () => {
  it.each([
    ['  jan@ex.example ', 'jan@ex.example'],
    ['jan@żółw.example', 'jan@xn--w-uga1v8h.example'],
    ['Jan+PP@Ex.Example', 'Jan+PP@Ex.Example'],
  ])('%j is taken', async (email, kept) => {
    expect((await invite({ email }).expect(201)).body).toMatchObject({ email: kept });
  });

  it.each(['żaneta@ex.example', '"jan k"@ex.example', 'Jan <jan@ex.example>', 'mailto:jan@ex.example', 'jan', '@'])(
    '%j is refused',
    async (email) => {
      await invite({ email }).expect(400);
    },
  );
});

describe('[F55] a name', () => {
  it.each([
    'WYGRALES 5000 ZL https://zly.example/odbierz',
    'www.zly.example',
    'Wejdź na zly.example',
    'ola@zly.example',
    '\u200b\u200b',
    'Anna \u202eikswolaK',
    '\u3164',
    '\u2800',
    'An\u00adna',
    'Anna\u2028Kowalska',
    ' ',
  ])('%j is refused at every door', async (firstName) => {
    await invite({ firstName }).expect(400);
    await register({ firstName }).expect(400);
  });

  it.each(['Łucja Żółć-Gęśl', "O'Brien", 'J. R. R.', 'Maria St.', 'محمد', '李', 'Олександр', 'Ana 👩🏽', 'Dr.med. Ewa'])(
    '%j is somebody',
    async (firstName) => {
      await register({ firstName }).expect(201);
    },
  );
});
