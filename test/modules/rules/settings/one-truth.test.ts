import { dayOf } from '../../../../modules/kernel/day';
import { bootApp, type TestApp } from '../../../support/app';
import { freshDatabase, type FreshDatabase } from '../../../support/database';
import { eventually } from '../../../support/eventually';
import { type Member, Office } from '../../../support/program';

const SETTINGS = '/partner-program/settings';

let database: FreshDatabase;
let app: TestApp;
let office: Office;

beforeEach(async () => {
  database = await freshDatabase();
  app = await bootApp({ worker: false, database });
  office = await Office.open(app);
});
afterEach(async () => {
  await app.close();
  await database.drop();
});

const set = (changes: object) => office.admin.put(SETTINGS).send(changes);
const pageOf = async (path: string, from = app) => {
  const agent = from === app ? office.admin : await from.login('admin@crm.example');
  return (await agent.get(path).set('accept', 'text/html').expect(200)).text;
};

it('begins with what the options say, and says all of it', async () => {
  const { body } = await office.admin.get(SETTINGS).expect(200);
  expect(body).toEqual({
    currency: 'PLN',
    locale: 'pl',
    timeZone: 'Europe/Warsaw',
    minimumWithdrawalMinor: 10_00,
    minimumWithdrawals: [{ unit: 'PLN', amountMinor: 10_00 }],
    requireAcceptance: true,
    requirePayoutAccount: false, // the office says so
    attributionOrder: ['contract', 'clientLink', 'seller'],
  });
});

it.each([
  ['currency', 'zl', 'settings_currency_form'],
  ['locale', 'de', 'settings_locale_known'],
  ['time_zone', '+02:00', 'settings_time_zone_form'],
])('[Q5] [Q11] is held by its table: no %s "%s"', async (column, value, constraint) => {
  const change = app.owner.query(`update partner_program.settings set ${column} = $1`, [value]);
  await expect(change).rejects.toMatchObject({ driverError: { code: '23514', constraint } });
});

it('[Q5] offers and reads the program’s own unit wherever none is named', async () => {
  await set({ currency: 'EUR' }).expect(200);
  const plans = await pageOf('/partner-program/plans');
  expect(/<input id="pp-plan-currency"[^>]*>/.exec(plans)![0]).toContain('value="EUR"');
  await set({ currency: 'JPY' }).expect(200);
  const form = office.admin.post('/partner-program/plans').type('form').set('accept', 'text/html');
  await form.send({ name: 'Yen', kind: 'levels', 'levels[0][amountMinor]': '500', currency: 'JPY' }).expect(303);
  const { body } = await office.admin.get('/partner-program/plans').expect(200);
  expect(body.data[0]).toMatchObject({ currency: 'JPY', levels: [{ level: 0, amountMinor: 500 }] });
});

it('speaks its own language to whoever names none, on pages too', async () => {
  await set({ locale: 'pt-BR' }).expect(200);
  expect(await pageOf(SETTINGS)).toContain('<html lang="pt-BR">');
  const stranger = await app.anonymous().get('/partner-program/registrations').set('accept', 'text/html');
  expect(stranger.text).toContain('<html lang="pt-BR">');
});

it('begins its days where its own time zone does, and takes no other than IANA names', async () => {
  const [east, west] = ['Pacific/Kiritimati', 'Pacific/Niue']; // A day and an hour apart.
  await set({ timeZone: east }).expect(200);
  const audit = async (query = '') => {
    const { body } = await office.admin.get(`/partner-program/audit?action=settings.changed${query}`).expect(200);
    return (body as { data: { at: string; after: object | null }[] }).data;
  };
  const [changed] = await audit();
  expect(changed!.after).toEqual({ timeZone: east });
  const lastDay = `&to=${dayOf(new Date(changed!.at), west)}`;
  expect(await audit(lastDay)).toEqual([]);
  await set({ timeZone: west }).expect(200);
  expect(await audit(lastDay)).toContainEqual(changed);
  expect(await pageOf(SETTINGS)).toContain('value="Pacific/Niue"');
  for (const timeZone of ['Mars/Olympus', '+02:00', '', null, 7]) await set({ timeZone }).expect(400);
});

it('is seen soon by every process, whoever changed it', async () => {
  const other = await bootApp({ worker: false, database });
  try {
    await set({ currency: 'EUR', locale: 'en' }).expect(200);
    await eventually(async () => {
      const plans = await pageOf('/partner-program/plans', other);
      expect(plans).toContain('<html lang="en">');
      expect(plans).toContain('value="EUR"');
    });
  } finally {
    await other.close();
  }
});

describe('[P16] the least that can be asked for', () => {
  let partner: Member;

  beforeEach(async () => {
    partner = await office.member();
    for (const currency of ['PLN', 'JPY', 'KWD']) {
      const change = { amountMinor: 100_000, currency, reason: 'to have something' };
      await office.admin.post(`/partner-program/partners/${partner.partnerId}/adjustments`).send(change).expect(201);
    }
  });

  const ask = (amountMinor: number, currency: string) =>
    partner.agent.post('/partner-program/withdrawals').send({ amountMinor, currency });
  const cancel = async ({ body }: { body: unknown }) =>
    partner.agent.post(`/partner-program/withdrawals/${(body as { id: string }).id}/cancellation`).expect(201);

  it('is a number of each unit, and none where none is set', async () => {
    await set({ minimumWithdrawalMinor: 10_00 }).expect(200);
    expect((await ask(9_99, 'PLN').expect(422)).body).toMatchObject({ code: 'BELOW_MINIMUM' });
    await cancel(await ask(1, 'JPY').expect(201));
    const minimumWithdrawals = [
      { unit: 'JPY', amountMinor: 1_500 },
      { unit: 'KWD', amountMinor: 2_500 },
    ];
    const { body } = await set({ minimumWithdrawals, minimumWithdrawalMinor: 20_00 }).expect(200);
    expect(body).toMatchObject({
      minimumWithdrawalMinor: 20_00,
      minimumWithdrawals: [...minimumWithdrawals, { unit: 'PLN', amountMinor: 20_00 }],
    });
    const refused = (await ask(1_499, 'JPY').expect(422)).body as { minimum: object };
    expect(refused.minimum).toEqual({ amountMinor: 1_500, currency: 'JPY' });
    await cancel(await ask(1_500, 'JPY').expect(201));
    await ask(2_499, 'KWD').expect(422);
    await cancel(await ask(20_00, 'PLN').expect(201));
    await set({ minimumWithdrawals: [], minimumWithdrawalMinor: 0 }).expect(200);
    for (const currency of ['PLN', 'JPY', 'KWD']) await cancel(await ask(1, currency).expect(201));
  });

  it('is told with the unit that it is of, in the form and in the audit log', async () => {
    await set({ minimumWithdrawals: [{ unit: 'KWD', amountMinor: 1_500 }] }).expect(200);
    const { text } = await partner.agent
      .get('/partner-program/withdrawals/request')
      .set({ accept: 'text/html', 'accept-language': 'en' })
      .expect(200);
    expect(text.replace(/\u00a0/g, ' ')).toContain('KWD 1.500');
    const { body } = await office.admin.get('/partner-program/audit?action=settings.changed').expect(200);
    const told = (body as { data: { before: object | null; after: object | null }[] }).data;
    expect(told.map(({ before, after }) => [before, after])).toEqual(
      expect.arrayContaining([
        [null, { minimumWithdrawalMinor: 1_500, currency: 'KWD' }],
        [{ minimumWithdrawalMinor: 10_00, currency: 'PLN' }, null],
      ]),
    );
  });

  it('is set on the page, a row for each unit', async () => {
    const form = office.admin.post(`${SETTINGS}?_method=PUT`).type('form').set('accept', 'text/html');
    const typed = {
      currency: 'PLN',
      minimumWithdrawalMinor: '12,50',
      'minimumWithdrawals[0][unit]': 'KWD',
      'minimumWithdrawals[0][amountMinor]': '1,500',
      'minimumWithdrawals[1][unit]': '',
      'minimumWithdrawals[1][amountMinor]': '',
    };
    await form.send(typed).expect(303);
    const { body } = await office.admin.get(SETTINGS).expect(200);
    expect(body).toMatchObject({
      minimumWithdrawals: [
        { unit: 'KWD', amountMinor: 1_500 },
        { unit: 'PLN', amountMinor: 12_50 },
      ],
    });
    expect(await pageOf(SETTINGS)).toMatch(/value="KWD"[^]*?value="1,500"/);
  });

  it('shows a refused row again, with the complaint at its fields', async () => {
    const minimumWithdrawals = ['KWD', 'PLN', 'USD'].map((unit) => ({ unit, amountMinor: 1 }));
    await set({ currency: 'PLN', minimumWithdrawals }).expect(200);
    const names = [...(await pageOf(SETTINGS)).matchAll(/name="(minimumWithdrawals\[\d+\]\[unit\])"/g)].map(
      ([, name]) => name,
    );
    expect(names).toEqual([0, 1, 2].map((row) => `minimumWithdrawals[${row}][unit]`));
    const form = office.admin.post(`${SETTINGS}?_method=PUT`).type('form').set('accept', 'text/html');
    const { text } = await form
      .send({
        currency: 'PLN',
        minimumWithdrawalMinor: '12,50',
        'minimumWithdrawals[0][unit]': 'KWD',
        'minimumWithdrawals[0][amountMinor]': '1,500',
        'minimumWithdrawals[1][unit]': 'JPY',
        'minimumWithdrawals[1][amountMinor]': 'much',
      })
      .expect(400);
    const [cell] = /<input[^>]*minimumWithdrawals\[1\]\[amountMinor\][^>]*>/.exec(text)!;
    expect(cell).toContain('value="much"');
    expect(cell).toContain('aria-invalid="true"');
    expect(text).not.toContain('minimumWithdrawals.1');
  });

  it.each([
    [422, [{ unit: 'PUNKTY', amountMinor: 1 }]],
    [400, [{ unit: 'JPY', amountMinor: -1 }]],
    [400, [{ unit: 'JPY' }]],
    [
      400,
      [
        { unit: 'JPY', amountMinor: 1 },
        { unit: 'JPY', amountMinor: 2 },
      ],
    ],
  ])('is refused with %i: %j', async (status, minimumWithdrawals) => {
    await set({ minimumWithdrawals }).expect(status);
  });
});
