import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Locale } from '../../modules/kernel/locale';
import type { TestApp } from './app';

/** Where systems keep a Chromium; `CHROMIUM` names another one. */
const CHROMIUM = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

/** A suite that needs a browser; without one it says so and is skipped. */
export const describeInBrowser = CHROMIUM ? describe : describe.skip;
if (!CHROMIUM) process.emitWarning('No Chromium was found (set CHROMIUM): the tests in a browser are skipped.');

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}

export interface Habits {
  readonly script?: boolean;
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  /** Of the browser; people with an account have their own. */
  readonly locale?: Locale;
}

/** A person at a browser: what it complained about is collected. */
export class Visitor {
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly url: string,
    readonly script: boolean,
  ) {
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== url) this.complaints.push(`${page.url()} asks ${origin}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${message.text()} (${page.url()})`);
    });
  }

  /** @param email of a CRM user; null for somebody whom nobody knows yet */
  static async open(browser: Browser, app: TestApp, email: string | null, habits: Habits = {}): Promise<Visitor> {
    const { script = true, theme = 'light', width = 1280, locale = 'pl' } = habits;
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: theme,
      javaScriptEnabled: script,
      locale,
    });
    context.setDefaultTimeout(15_000);
    if (email !== null) {
      await context.request.post(`${app.url}/crm/sessions`, {
        data: { email, password: 'partner-program' },
        headers: { origin: app.url },
      });
    }
    return new Visitor(await context.newPage(), app.url, script);
  }

  /** With the login of a partner who has no CRM account. */
  async logIn(person: { email: string; password: string }): Promise<void> {
    await this.page.context().request.post(`${this.url}/partner-program/sessions`, {
      data: person,
      headers: { origin: this.url },
    });
  }

  /** @param statuses what the page may answer; a browser complains of all but success, which is then no fault */
  async go(path: string, statuses: readonly number[] = [200]): Promise<void> {
    const response = await this.page.goto(this.url + path);
    const status = response?.status() ?? 0;
    if (!statuses.includes(status)) throw new Error(`${path} answered ${status}`);
    if (status >= 400) this.complaints.pop();
  }

  /** Presses a button that leads to a page of this address; where a dialog asks first, says yes. */
  async press(selector: string, leadsTo: RegExp): Promise<void> {
    const arrived = this.page.waitForNavigation({ url: leadsTo }).catch(async (error: Error) => {
      throw new Error(`${error.message}\nIt stays at ${this.page.url()}: ${await this.text()}`);
    });
    await this.page.locator(selector).first().click();
    const dialog = this.page.locator('dialog[open] button[value=yes]');
    if (this.script && (await dialog.count()) > 0) await dialog.click();
    await arrived;
  }

  text(): Promise<string> {
    return this.page.locator('main').innerText();
  }

  /** What keeps people out. */
  async barriers(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).setLegacyMode(true).analyze();
    return violations.map(({ id, nodes }) => `${this.page.url()} ${id}: ${nodes.map((n) => n.html).join(' ')}`);
  }

  /** What does not fit. */
  async overflow(): Promise<string[]> {
    const pixels = await this.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    return pixels > 0 ? [`${this.page.url()} is ${pixels} px too wide`] : [];
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
