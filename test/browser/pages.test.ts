import type { Browser } from 'playwright-core';
import { LOCALES } from '../../modules/kernel/locale';
import { bootApp, type TestApp } from '../support/app';
import { describeInBrowser, openBrowser, Visitor } from '../support/browser';
import { type Member, Office } from '../support/program';

jest.setTimeout(240_000);

describeInBrowser('pages in a browser', () => {
  let browser: Browser;
  let app: TestApp;
  let office: Office;
  let seller: Member;
  let contract: string;

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
    await seller.agent
      .post('/partner-program/withdrawals')
      .send({ amountMinor: 1_000_00, currency: 'PLN', note: 'x'.repeat(300) })
      .expect(201);
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  const forPartner = () => [
    '/partner-program',
    '/partner-program/partners',
    `/partner-program/partners/${seller.partnerId}/entries`,
    '/partner-program/withdrawals',
    '/partner-program/withdrawals/request',
    '/partner-program/payout-account',
    '/partner-program/invitations',
    `/partner-program/contracts/${contract}/commission-preview`,
    '/crm/contracts',
  ];
  const forAdmin = () => [
    '/partner-program/membership',
    '/partner-program/partners',
    '/partner-program/partners/tree',
    `/partner-program/partners/${seller.partnerId}`,
    `/partner-program/partners/${seller.partnerId}/placements?sponsor=none`,
    '/partner-program/withdrawals?status=pending',
    '/partner-program/settings',
    '/partner-program/settings/contract-statuses',
    '/partner-program/terms',
    '/partner-program/plans',
    '/partner-program/integrity',
    '/partner-program/jobs',
    '/partner-program/audit',
    `/partner-program/contracts/${contract}/commissions`,
    '/crm/contracts',
    '/crm/clients',
    '/crm/users',
    '/crm/statuses',
  ];

  async function speak(locale: string): Promise<void> {
    await app.owner.query('update crm."user" set locale = $1', [locale]);
  }

  it.each([
    [LOCALES[0], 'light', 1280],
    [LOCALES[1], 'dark', 390],
    [LOCALES[2], 'light', 320],
  ] as const)('[Q11] [Q12] keep nobody out and fit: %s, %s, %s px', async (locale, theme, width) => {
    await speak(locale);
    const faults: string[] = [];
    for (const [email, paths] of [
      [seller.email, forPartner()],
      ['admin@crm.example', forAdmin()],
    ] as const) {
      const visitor = await Visitor.open(browser, app, email, { theme, width });
      for (const path of paths) {
        await visitor.go(path);
        expect(await visitor.page.locator('html').getAttribute('lang')).toBe(locale);
        faults.push(...(await visitor.faults()));
      }
      faults.push(...visitor.complaints);
      await visitor.close();
    }
    expect(faults).toEqual([]);
  });
});
