import { setTimeout as sleep } from 'node:timers/promises';

/** What an answer of the application is read as: only fields that the demo itself looks at. */
export type Json = Record<string, unknown>;

/** A person at the application's HTTP interface. */
export class DemoClient {
  private constructor(
    private readonly baseUrl: string,
    private readonly cookie: string,
  ) {}

  /** @param door where the person logs in: the CRM's, or the program's for who has no CRM account */
  static async signIn(
    baseUrl: string,
    email: string,
    password: string,
    door: '/crm/sessions' | '/partner-program/sessions' = '/crm/sessions',
  ): Promise<DemoClient> {
    const nobody = new DemoClient(baseUrl, '');
    const response = await nobody.send('POST', door, { email, password });
    if (!response.ok) throw new Error(`${email} cannot sign in: ${await response.text()}`);
    const cookie = response.headers.getSetCookie().map((value) => value.split(';')[0]);
    return new DemoClient(baseUrl, cookie.join('; '));
  }

  /** The same application, to somebody who is not logged in. */
  nobody(): DemoClient {
    return new DemoClient(this.baseUrl, '');
  }

  send(method: string, path: string, body?: object): Promise<Response> {
    const headers = new Headers({ accept: 'application/json', cookie: this.cookie });
    if (body instanceof FormData) return fetch(this.baseUrl + path, { method, headers, body });
    if (body) headers.set('content-type', 'application/json');
    return fetch(this.baseUrl + path, { method, headers, body: body && JSON.stringify(body) });
  }

  /** Sends and expects success. @throws Error with the application's answer, when it is none */
  async call(method: string, path: string, body?: object): Promise<Json> {
    const response = await this.send(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Json);
  }

  /** Every row of a list, page after page. */
  async all(path: string): Promise<Json[]> {
    const rows: Json[] = [];
    let from = '';
    for (;;) {
      const page = (await this.call('GET', `${path}?limit=100${from}`)) as { data: Json[]; nextCursor?: string | null };
      rows.push(...page.data);
      if (!page.nextCursor) return rows;
      from = `&cursor=${encodeURIComponent(page.nextCursor)}`;
    }
  }
}

/** Asks again until the answer is yes. @throws Error when that takes longer than half a minute */
export async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (!(await check())) {
    if (Date.now() > giveUpAt) throw new Error(`waited too long until ${what}`);
    await sleep(50);
  }
}
