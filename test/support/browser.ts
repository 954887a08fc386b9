import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
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
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${message.text()} (${page.url()})`);
    });
  }

  static async open(browser: Browser, app: TestApp, email: string, habits: Habits = {}): Promise<Visitor> {
    const { script = true, theme = 'light', width = 1280 } = habits;
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: theme,
      javaScriptEnabled: script,
      locale: 'pl',
    });
    context.setDefaultTimeout(15_000);
    await context.request.post(`${app.url}/crm/sessions`, {
      data: { email, password: 'partner-program' },
      headers: { origin: app.url },
    });
    return new Visitor(await context.newPage(), app.url, script);
  }

  async go(path: string): Promise<void> {
    const response = await this.page.goto(this.url + path);
    if (!response?.ok()) throw new Error(`${path} answered ${response?.status()}`);
  }

  /** Presses a button that leads to a page of this address; where a dialog asks first, says yes. */
  async press(selector: string, leadsTo: RegExp): Promise<void> {
    const arrived = this.page.waitForNavigation({ url: leadsTo });
    await this.page.locator(selector).first().click();
    const dialog = this.page.locator('dialog[open] button[value=yes]');
    if (this.script && (await dialog.count()) > 0) await dialog.click();
    await arrived;
  }

  text(): Promise<string> {
    return this.page.locator('main').innerText();
  }

  /** What keeps people out, or does not fit. */
  async faults(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).setLegacyMode(true).analyze();
    const found = violations.map(({ id, nodes }) => `${this.page.url()} ${id}: ${nodes.map((n) => n.html).join(' ')}`);
    const overflow = await this.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    return overflow > 0 ? [...found, `${this.page.url()} is ${overflow} px too wide`] : found;
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
