import type { Browser } from 'playwright-core';
import { bootApp, type TestApp } from '../support/app';
import { describeInBrowser, openBrowser, Visitor } from '../support/browser';
import { type Member, Office, type Person } from '../support/program';

jest.setTimeout(180_000);

describeInBrowser.each([
  ['with scripts', true],
  ['without scripts', false],
])('people in a browser %s', (_, script) => {
  let browser: Browser;
  let app: TestApp;
  let office: Office;
  let manager: Member;

  beforeAll(async () => {
    [browser, app] = await Promise.all([openBrowser(), bootApp()]);
    office = await Office.open(app);
    await office.levels(1000, 500);
    manager = await office.member();
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  async function visit(email: string, work: (visitor: Visitor) => Promise<void>): Promise<void> {
    const visitor = await Visitor.open(browser, app, email, { script });
    try {
      await work(visitor);
      expect(visitor.complaints).toEqual([]);
    } finally {
      await visitor.close();
    }
  }

  const join = ({ email }: Person) =>
    visit(email, async (visitor) => {
      await visitor.go('/partner-program');
      expect(visitor.page.url()).toMatch(/\/partner-program\/membership$/);
      await visitor.page.locator('form[action$="/membership"] input[type=checkbox]').check();
      await visitor.press('form[action$="/membership"] button', /\/partner-program$/);
      expect(await visitor.page.locator('#pp-link').inputValue()).toContain('/rejestracja/');
    });

  it('[P3] [P7] a CRM user joins and gets a link', async () => {
    await join(await office.user({ supervisorId: manager.id }));
  });

  it('[P12] [P13] a signed contract turns the forecast into a balance', async () => {
    const seller = await office.member(manager);
    const contract = await office.contract(seller, 1_000_00);
    await office.settled();
    await visit(seller.email, async (visitor) => {
      await visitor.go(`/partner-program/contracts/${contract}/commission-preview`);
      expect(await visitor.text()).toContain('nic nie zostało naliczone');
      await visitor.go('/partner-program');
      expect(await visitor.text()).toMatch(/Dostępne do wypłaty\s+0,00/);
    });
    await office.status(contract, 'signed');
    await office.settled();
    await visit(seller.email, async (visitor) => {
      await visitor.go('/partner-program');
      expect(await visitor.text()).toMatch(/Dostępne do wypłaty\s+100,00/);
    });
  });

  it('[P16] [P17] a partner asks for money, mends a slip, and the administrator pays', async () => {
    const seller = await office.member(manager);
    const contract = await office.contract(seller, 1_000_00);
    await office.status(contract, 'signed');
    await office.settled();
    const asking = await Visitor.open(browser, app, seller.email, { script });
    await asking.go('/partner-program/withdrawals/request');
    await asking.page.locator('[name=amountMinor]').fill('sto');
    await asking.page.locator('[name=note]').fill('na <rower>');
    await asking.press('form[action^="/partner-program/withdrawals"] button', /\/withdrawals$/);
    expect(await asking.page.locator('[name=amountMinor][aria-invalid=true]').inputValue()).toBe('sto');
    expect(await asking.page.locator('[name=note]').inputValue()).toBe('na <rower>');
    expect(await asking.page.locator('#pp-problem').innerText()).toContain('Podaj kwotę');
    await asking.page.locator('[name=amountMinor]').fill('60,00');
    await asking.press('form[action^="/partner-program/withdrawals"] button', /\/partner-program$/);
    expect(await asking.text()).toContain('Masz już wniosek');
    await asking.close();

    await visit('admin@crm.example', async (visitor) => {
      await visitor.go('/partner-program/withdrawals?status=pending');
      await visitor.page.locator('input[form=pp-bulk]').first().check();
      if (!script) await visitor.page.locator('#pp-bulk input[type=checkbox]').check();
      await visitor.press('#pp-bulk button', /paid=1/);
      expect(await visitor.text()).toContain('Wypłacone wnioski: 1');
    });
    expect(await office.available(seller)).toEqual([40_00]);
  });

  it('[P11] [Q7] the administrator unfolds the tree, looks at a move and makes it', async () => {
    const other = await office.member();
    const seller = await office.member(manager);
    await visit('admin@crm.example', async (visitor) => {
      const { page } = visitor;
      await visitor.go('/partner-program/partners/tree');
      await page.locator(`#p-${manager.partnerId} [data-pp-toggle]`).click();
      await page.locator(`#p-${seller.partnerId}`).waitFor();
      if (script) {
        await page.locator(`#p-${seller.partnerId}`).focus();
        await page.keyboard.press('ArrowLeft');
        await page.keyboard.press('ArrowLeft');
        await page.locator(`#p-${seller.partnerId}`).waitFor({ state: 'detached' });
      }
      await visitor.go(`/partner-program/partners/${seller.partnerId}/placements?search=${other.email}`);
      await visitor.press(`a[href$="sponsor=${other.partnerId}"]`, /sponsor=/);
      expect(await visitor.text()).toMatch(/Staje powyżej\s+Jan Kos/);
      await page.locator('[name=reason]').fill('Nowy region');
      await visitor.press('main form[method=post] button', new RegExp(`/partners/${seller.partnerId}$`));
    });
    const { body } = await office.admin.get(`/partner-program/partners/${seller.partnerId}`).expect(200);
    expect(body.sponsorId).toBe(other.partnerId);
  });

  it('[Q1] the administrator writes a plan, mends a refused one and puts it in force', async () => {
    await visit('admin@crm.example', async (visitor) => {
      const { page } = visitor;
      await visitor.go('/partner-program/plans?kind=differential');
      await page.locator('[name=name]').fill('Liderzy');
      await page.locator('[name="ranks[0][rank]"]').fill('Srebrny');
      await page.locator('[name="ranks[0][rateBps]"]').fill('7,5');
      await page.locator('[name="ranks[2][rank]"]').fill('Srebrny');
      await page.locator('[name="ranks[2][rateBps]"]').fill('12,5');
      await visitor.press('#pp-new form button', /\/plans$/);
      expect(await page.locator('[name="ranks[2][rank]"][aria-invalid=true]').inputValue()).toBe('Srebrny');
      expect(await page.locator('[name="ranks[0][rateBps]"]').inputValue()).toBe('7,5');
      await page.locator('[name="ranks[2][rank]"]').fill('Złoty');
      await visitor.press('#pp-new form button', /\/plans$/);
      visitor.complaints.length = 0;
      await page.locator('form[action$="/activation"] button').first().waitFor();
      await visitor.press('form[action$="/activation"] button', /\/plans$/);
      expect(await visitor.text()).toMatch(/Złoty\s+12,5%/);
    });
  });
});
