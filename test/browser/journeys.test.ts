import type { Browser } from 'playwright-core';
import { type Locale, LOCALES } from '../../modules/kernel/locale';
import { readTexts } from '../../modules/platform/web/pages/template-files';
import { bootApp, type TestApp } from '../support/app';
import { describeInBrowser, openBrowser, Visitor } from '../support/browser';
import { eventually } from '../support/eventually';
import { type Member, Office } from '../support/program';

jest.setTimeout(180_000);

let browser: Browser;
let app: TestApp;
let office: Office;

async function visit(
  email: string | null,
  habits: { locale?: Locale; script: boolean },
  work: (visitor: Visitor) => Promise<void>,
): Promise<void> {
  const visitor = await Visitor.open(browser, app, email, habits);
  try {
    await work(visitor);
    expect(visitor.complaints).toEqual([]);
  } finally {
    await visitor.close();
  }
}

const texts = (locale: Locale): Readonly<Record<string, string>> => readTexts(locale);

/** What a text begins with, up to the first thing that is filled in. */
const beginning = (locale: Locale, key: string) => texts(locale)[key]!.split('{')[0]!;

describeInBrowser('people in a browser', () => {
  beforeAll(async () => {
    [browser, app] = await Promise.all([openBrowser(), bootApp()]);
    office = await Office.open(app);
    await office.levels(1000, 500);
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });

  const ways = LOCALES.flatMap((locale) => [true, false].map((script) => ({ locale, script })));

  describe.each(ways)('in $locale, with scripts: $script', ({ locale, script }) => {
    const habits = { locale, script };
    let manager: Member;
    beforeAll(async () => {
      manager = await office.member(undefined, { locale });
    });

    it('[P3] [P7] a CRM user joins and gets a link', async () => {
      const { email } = await office.user({ supervisorId: manager.id, locale });
      await visit(email, habits, async (visitor) => {
        await visitor.go('/partner-program');
        expect(visitor.page.url()).toMatch(/\/partner-program\/membership$/);
        expect(await visitor.text()).toContain(texts(locale)['join.title']);
        await visitor.page.locator('form[action$="/membership"] input[type=checkbox]').check();
        await visitor.press('form[action$="/membership"] button', /\/partner-program$/);
        expect(await visitor.page.locator('#pp-link').inputValue()).toMatch(/\/(rejestracja|cadastro|register)\//);
      });
    });

    it('[P8] [P10] a manager invites, and the invited registers from the mail', async () => {
      const email = `zofia.${locale}.${script}@example.org`;
      await visit(manager.email, habits, async (visitor) => {
        await visitor.go('/partner-program/invitations');
        const fill = (name: string, value: string) => visitor.page.locator(`[name=${name}]`).fill(value);
        await fill('firstName', 'Zofia');
        await fill('lastName', 'Łęcka');
        await fill('email', email);
        expect(await visitor.page.locator('[data-pp-scripted]:visible').count()).toBe(script ? 1 : 0);
        if (script) await visitor.page.locator('.pp-letter', { hasText: 'Zofia' }).waitFor();
        await visitor.press('form[action$="/invitations"] button.pp-button--main', /\/invitations/);
        expect(await visitor.text()).toContain(texts(locale)['istatus.sent']);
      });
      const mail = await eventually(async () => {
        const sent = (await app.mails()).find(({ to }) => to === email);
        if (!sent) throw new Error('Not sent yet.');
        return sent;
      });
      const [, path] = /https?:\/\/[^/\s]+(\/(?:zaproszenie|convite|invitation)\/\S+)/.exec(mail.text)!;
      await visit(null, habits, async (visitor) => {
        await visitor.go(path!);
        expect(await visitor.page.locator('html').getAttribute('lang')).toBe(locale);
        expect(await visitor.page.locator('[name=firstName]').inputValue()).toBe('Zofia');
        await visitor.page.locator('[name=password]').fill('trzy zielone parasole');
        await visitor.page.locator('main form input[type=checkbox]').check();
        await visitor.press('main form button', /\/partner-program$/);
        expect(await visitor.text()).toContain('Zofia');
      });
    });

    it('[P12] [P13] a signed contract turns the forecast into a balance, which explains itself', async () => {
      const seller = await office.member(manager, { locale });
      const contract = await office.contract(seller, 1_000_00);
      await office.settled();
      await visit(seller.email, habits, async (visitor) => {
        await visitor.go(`/partner-program/contracts/${contract}/commission-preview`);
        expect(await visitor.text()).toContain(texts(locale)['preview.forecast_note']);
        await visitor.go('/partner-program');
        expect(await visitor.page.locator('.pp-balance--main').innerText()).toMatch(/\D0[.,]00/);
      });
      await office.status(contract, 'signed');
      await office.settled();
      await visit(seller.email, habits, async (visitor) => {
        await visitor.go('/partner-program');
        expect(await visitor.page.locator('.pp-balance--main').innerText()).toMatch(/100[.,]00/);
        const address = visitor.page.url();
        await visitor.page.locator('.pp-explain').first().click();
        const sum = visitor.page.locator(script ? 'dialog[open] .pp-sum' : 'main .pp-sum');
        expect(await sum.innerText()).toMatch(/× 10\s?%/);
        expect(visitor.page.url() === address).toBe(script);
        if (!script) return;
        await visitor.page.keyboard.press('Escape');
        await visitor.page.locator('.pp-explain:focus').waitFor();
      });
    });

    it('[P16] [P17] a partner asks for money, mends a slip, and the administrator pays', async () => {
      const seller = await office.member(manager, { locale });
      const contract = await office.contract(seller, 1_000_00);
      await office.status(contract, 'signed');
      await office.settled();
      const asking = await Visitor.open(browser, app, seller.email, habits);
      await asking.go('/partner-program/withdrawals/request');
      await asking.page.locator('[name=amountMinor]').fill('sto');
      await asking.page.locator('[name=note]').fill('na <rower>');
      await asking.press('form[action^="/partner-program/withdrawals"] button', /\/withdrawals$/);
      expect(await asking.page.locator('[name=amountMinor][aria-invalid=true]').inputValue()).toBe('sto');
      expect(await asking.page.locator('[name=note]').inputValue()).toBe('na <rower>');
      expect(await asking.page.locator('#pp-problem').innerText()).toContain(
        beginning(locale, 'refusal.INVALID_INPUT'),
      );
      await asking.page.locator('[name=amountMinor]').fill(locale === 'en' ? '60.00' : '60,00');
      await asking.press('form[action^="/partner-program/withdrawals"] button', /\/withdrawals\/[0-9a-f-]{36}$/);
      expect(await asking.text()).toContain(beginning(locale, 'wstatus.pending'));
      await asking.go('/partner-program');
      expect(await asking.text()).toContain(beginning(locale, 'withdrawal.pending_exists'));
      await asking.close();

      await visit('admin@crm.example', habits, async (visitor) => {
        await visitor.go('/partner-program/withdrawals?status=pending');
        await visitor.page.locator('input[form=pp-bulk]').first().check();
        if (!script) await visitor.page.locator('#pp-bulk input[type=checkbox]').check();
        await visitor.press('#pp-bulk button', /paid=1/);
        await visitor.page.locator('.pp-note--good').first().waitFor();
      });
      expect(await office.available(seller)).toEqual([40_00]);
    });
  });

  describe.each([true, false])('with scripts: %s', (script) => {
    let manager: Member;
    beforeAll(async () => {
      manager = await office.member();
    });

    it('[P11] [Q7] the administrator unfolds the tree, looks at a move and makes it', async () => {
      const other = await office.member();
      const seller = await office.member(manager);
      await visit('admin@crm.example', { script }, async (visitor) => {
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
        await visitor.press('main form[method=post] button', new RegExp(`/partners/${seller.partnerId}\\?`));
      });
      const { body } = await office.admin.get(`/partner-program/partners/${seller.partnerId}`).expect(200);
      expect(body.sponsorId).toBe(other.partnerId);
    });

    it('[Q1] the administrator writes a plan, mends a refused one and puts it in force', async () => {
      await visit('admin@crm.example', { script }, async (visitor) => {
        const { page } = visitor;
        await visitor.go('/partner-program/plans?kind=differential');
        await page.locator('[name=name]').fill('Liderzy');
        await page.locator('[name="ranks[0][rank]"]').fill('Srebrny');
        await page.locator('[name="ranks[0][rateBps]"]').fill('7,5');
        await page.locator('[name="ranks[2][rank]"]').fill('Srebrny');
        await page.locator('[name="ranks[2][rateBps]"]').fill('12,5');
        await visitor.press('#pp-new form button', /\/plans(\?|$)/);
        expect(await page.locator('[name="ranks[2][rank]"][aria-invalid=true]').inputValue()).toBe('Srebrny');
        expect(await page.locator('[name="ranks[0][rateBps]"]').inputValue()).toBe('7,5');
        await page.locator('[name="ranks[2][rank]"]').fill('Złoty');
        await visitor.press('#pp-new form button', /\/plans(\?|$)/);
        visitor.complaints.length = 0;
        await page.locator('form[action$="/activation"] button').first().waitFor();
        await visitor.press('form[action$="/activation"] button', /\/plans(\?|$)/);
        expect(await visitor.text()).toMatch(/Złoty\s+12,5%/);
      });
    });

    it('[P11] a partner is found by typing, and shown with everybody above', async () => {
      const seller = await office.member(manager, { lastName: `Żółwik${script}` });
      await visit('admin@crm.example', { script }, async (visitor) => {
        const { page } = visitor;
        await visitor.go('/partner-program/partners/tree');
        await page.locator('#pp-search').fill(`żółwik${script}`);
        if (!script) await visitor.press('form[role=search] button', /search=/);
        await page.locator('.pp-matches a').click();
        await page.locator(`.pp-crumbs a[href*="${manager.partnerId}"]`).waitFor();
        const row = page.locator(`#p-${seller.partnerId}`);
        await row.waitFor();
        if (!script) return;
        await page.locator(`#p-${seller.partnerId}:focus`).waitFor();
        for (const [key, level] of [
          ['ArrowLeft', '1'],
          ['ArrowRight', '2'],
          ['Home', '1'],
          ['End', null],
        ] as const) {
          await page.keyboard.press(key);
          const reached = await page.evaluate<string>('document.activeElement.getAttribute("aria-level")');
          if (level !== null) expect([key, reached]).toEqual([key, level]);
        }
        await page.keyboard.press('Home');
        await page.keyboard.press('*');
        const folded = page.locator('[data-pp-tree] [aria-expanded=false][aria-level="1"]');
        await eventually(async () => expect(await folded.count()).toBe(0));
      });
    });

    it('[P11] the map can be read, and walked through by keys', async () => {
      const seller = await office.member(manager);
      await visit(manager.email, { script }, async (visitor) => {
        const { page } = visitor;
        await visitor.go('/partner-program/partners/map');
        const box = page.locator(`#m-${seller.partnerId}`);
        expect(await box.getAttribute('aria-label')).toContain('Aktywny');
        if (!script) return;
        const view = () => page.locator('.pp-map svg').getAttribute('viewBox');
        const before = await view();
        await page.locator('[data-pp-zoom=in]').click();
        await expect(eventually(async () => expect(await view()).not.toBe(before))).resolves.toBeUndefined();
        await page.locator(`#m-${manager.partnerId}`).focus();
        await page.keyboard.press('ArrowRight');
        const reached = () => page.evaluate<string>('document.activeElement.dataset.ppSponsor');
        expect(await reached()).toBe(manager.partnerId);
        await page.keyboard.press('Enter');
        await page.waitForURL(/\/partners\/[0-9a-f-]{36}$/);
      });
    });
  });
});
