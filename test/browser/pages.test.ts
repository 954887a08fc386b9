import type { Browser } from 'playwright-core';
import { LOCALES } from '../../modules/kernel/locale';
import { bootApp, type TestApp } from '../support/app';
import { describeInBrowser, openBrowser, Visitor } from '../support/browser';
import { eventually } from '../support/eventually';
import { type Member, Office } from '../support/program';

jest.setTimeout(240_000);

describeInBrowser('pages in a browser', () => {
  let browser: Browser;
  let app: TestApp;
  let office: Office;
  let seller: Member;
  let contract: string;
  let draft: string;
  let waiting: string;
  let withdrawal: string;
  let entryId: string;
  let referralCode: string;
  /** The address that an invited person was mailed. */
  let invitation: string;
  const member = { email: 'member@partner.example', password: 'trzy zielone parasole' };

  beforeAll(async () => {
    [browser, app] = await Promise.all([openBrowser(), bootApp()]);
    office = await Office.open(app);
    await office.levels(1000, 500);
    await office.plan({
      kind: 'differential',
      ranks: [{ rank: 'Gold', rateBps: 1250 }],
      conditions: { products: ['X'] },
    });
    const manager = await office.member(undefined, {
      firstName: 'Wolfeschlegelsteinhausen',
      lastName: 'Bergerdorff-Konstantynopolitańczykowianeczka',
    });
    seller = await office.member(manager);
    contract = await office.contract(seller, 9_999_999_999_99);
    await office.status(contract, 'signed');
    await office.settled();
    const asked = await seller.agent
      .post('/partner-program/withdrawals')
      .send({ amountMinor: 1_000_00, currency: 'PLN', note: 'x'.repeat(300) })
      .expect(201);
    withdrawal = (asked.body as { id: string }).id;
    await preparePages();
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  /** Somebody with a login here, somebody invited, somebody who waits for approval, a plan to simulate. */
  async function preparePages(): Promise<void> {
    const { agent, partnerId } = seller;
    referralCode = (await agent.get('/partner-program').expect(200)).body.referralLink.code;
    entryId = (await agent.get(`/partner-program/partners/${partnerId}/entries?kind=commission`).expect(200)).body
      .data[0].id;
    const person = { firstName: 'Ewa', lastName: 'Nowak', ...member, termsVersionId: office.termsVersionId };
    const register = (path: string, fields: object) =>
      app
        .anonymous()
        .post(`/partner-program/registrations${path}`)
        .send({ ...person, ...fields })
        .expect(201);
    await register(`/link/${referralCode}`, {});
    waiting = (await register('', { email: 'waiting@partner.example' })).body.partner.id;
    const invited = {
      firstName: 'Ewa',
      lastName: 'Lis',
      email: 'invited@partner.example',
      subject: 'Dzień dobry',
      body: 'Cześć',
    };
    await agent.post('/partner-program/invitations').send(invited).expect(201);
    invitation = await eventually(async () => {
      const mail = (await app.mails()).find(({ to }) => to === invited.email);
      return /https?:\/\/[^/\s]+(\/\S+)/.exec(mail!.text)![1]!;
    });
    const plan = { name: 'Szkic', currency: 'PLN', kind: 'levels', levels: [{ level: 0, rateBps: 2000 }] };
    draft = (await office.admin.post('/partner-program/plans').send(plan).expect(201)).body.versionId;
  }

  const forAnybody = () => [
    '/login',
    '/partner-program/login',
    '/partner-program/password-resets',
    `/partner-program/password-resets/${'x'.repeat(43)}`,
    '/partner-program/confirmation-requests',
    `/partner-program/email-confirmations/${'x'.repeat(43)}`,
    '/partner-program/notices/resetSent',
    '/rejestracja',
    `/register/${referralCode}`,
    '/cadastro/unknown1',
    invitation,
    `/zaproszenie/${'x'.repeat(43)}`,
    `/partner-program/registrations/invitation/${invitation.split('/').at(-1)}/suppression`,
    '/partner-program/registrations/suppressed',
    '/partner-program/notifications/unsubscribed',
  ];
  const forMember = () => ['/partner-program', '/partner-program/account', '/partner-program/profile'];
  const forPartner = () => [
    '/partner-program',
    '/partner-program/partners',
    '/partner-program/partners/tree',
    '/partner-program/partners/map',
    `/partner-program/partners/${seller.partnerId}/entries`,
    `/partner-program/partners/${seller.partnerId}/entries?kind=payout`,
    `/partner-program/partners/${seller.partnerId}/entries/${entryId}/explanation`,
    '/partner-program/withdrawals',
    `/partner-program/withdrawals/${withdrawal}`,
    '/partner-program/withdrawals/request',
    '/partner-program/payout-account',
    '/partner-program/invitations',
    '/partner-program/referral-link',
    '/partner-program/notifications',
    '/partner-program/notifications/preferences',
    '/partner-program/profile',
    `/partner-program/contracts/${contract}/commission-preview`,
    '/partner-program/plans',
    '/partner-program/nowhere',
    '/crm/contracts',
    `/crm/contracts/${contract}`,
  ];
  const forAdmin = () => [
    '/partner-program/membership',
    '/partner-program/partners',
    '/partner-program/partners?search=nobody',
    `/partner-program/partners/tree?focus=${seller.partnerId}`,
    '/partner-program/partners/tree?search=kos',
    '/partner-program/partners/map',
    `/partner-program/partners/${seller.partnerId}`,
    `/partner-program/partners/${seller.partnerId}/placements?sponsor=none`,
    `/partner-program/partners/${seller.partnerId}/entries/${entryId}/explanation`,
    `/partner-program/partners/${waiting}`,
    '/partner-program/approvals',
    '/partner-program/withdrawals?status=pending',
    '/partner-program/withdrawals?status=paid',
    `/partner-program/withdrawals/${withdrawal}`,
    '/partner-program/settings',
    '/partner-program/settings/contract-statuses',
    '/partner-program/terms',
    `/partner-program/terms/${office.termsVersionId}/acceptances`,
    '/partner-program/plans',
    `/partner-program/plans/${draft}/simulation`,
    `/partner-program/plans/${draft}/simulation?from=2020-01-01&to=2035-12-31`,
    '/partner-program/integrity',
    '/partner-program/rederivation',
    '/partner-program/jobs',
    '/partner-program/audit',
    `/partner-program/contracts/${contract}/commission-preview`,
    `/partner-program/contracts/${contract}/commissions`,
    '/crm/contracts',
    `/crm/contracts/${contract}`,
    '/crm/clients',
    '/crm/users',
    `/crm/users/${seller.id}`,
    '/crm/statuses',
    '/crm/mailbox',
  ];

  async function speak(locale: string): Promise<void> {
    await app.owner.query('update crm."user" set locale = $1', [locale]);
    await app.owner.query('update partner_program.partner set locale = $1', [locale]);
  }

  /** As whom one looks at which pages. */
  const visits = {
    anybody: () => ({ email: null, paths: forAnybody() }),
    member: () => ({ email: null, paths: forMember() }),
    partner: () => ({ email: seller.email, paths: forPartner() }),
    administrator: () => ({ email: 'admin@crm.example', paths: forAdmin() }),
  };
  const ways = [
    { locale: LOCALES[0], theme: 'light', width: 1280 },
    { locale: LOCALES[1], theme: 'dark', width: 390 },
    { locale: LOCALES[2], theme: 'light', width: 320 },
  ] as const;

  // Every page is seen in every way, by axe too.
  describe.each(ways)('in $locale, $theme, $width px', ({ locale, theme, width }) => {
    beforeAll(() => speak(locale));

    it.each(Object.keys(visits) as (keyof typeof visits)[])('[Q11] [Q12] keep nobody out and fit: %s', async (who) => {
      const { email, paths } = visits[who]();
      const visitor = await Visitor.open(browser, app, email, { theme, width, locale });
      if (who === 'member') await visitor.logIn(member);
      const faults: string[] = [];
      for (const path of paths) {
        await visitor.go(path, [200, 403, 404, 410]);
        expect([path, await visitor.page.locator('html').getAttribute('lang')]).toEqual([path, locale]);
        faults.push(...(await visitor.overflow()), ...(await visitor.barriers()));
      }
      expect([...faults, ...visitor.complaints]).toEqual([]);
      await visitor.close();
    });
  });
});
