import type { DemoClient, Json } from './demo-client';
import { OUTSIDERS } from './demo-data';

/** Signs people of the demo in, with or without a CRM account. */
export type SignIn = (email: string) => Promise<DemoClient>;

/** The company of the demo, as its people find it through the application: what is there already is found, and not made anew. */
export class DemoOffice {
  private readonly people = new Map<string, Promise<DemoClient>>();
  private users?: Map<string, string>;
  private clients?: Map<string, string>;
  private contracts?: Map<string, { id: string; version: number }>;

  constructor(
    readonly admin: DemoClient,
    private readonly signIn: SignIn,
  ) {}

  /** A login here ends after days without a visit, one in the CRM does not see the demo's days pass. */
  as(email: string): Promise<DemoClient> {
    if (OUTSIDERS.some((one) => one.email === email)) return this.signIn(email);
    const known = this.people.get(email) ?? this.signIn(email);
    this.people.set(email, known);
    return known;
  }

  async partnerId(email: string): Promise<string> {
    const { partner } = await (await this.as(email)).call('GET', '/partner-program');
    return String((partner as Json).id);
  }

  async userIds(): Promise<Map<string, string>> {
    this.users ??= idsBy('email', await this.admin.all('/crm/users'));
    return this.users;
  }

  async clientIds(): Promise<Map<string, string>> {
    this.clients ??= idsBy('name', await this.admin.all('/crm/clients'));
    return this.clients;
  }

  async contractsByNumber(): Promise<Map<string, { id: string; version: number }>> {
    this.contracts ??= new Map(
      (await this.admin.all('/crm/contracts')).map(({ number, id, version }) => [
        String(number),
        { id: String(id), version: Number(version) },
      ]),
    );
    return this.contracts;
  }

  async addClient(client: { name: string }): Promise<string> {
    const ids = await this.clientIds();
    const id = ids.get(client.name) ?? String((await this.admin.call('POST', '/crm/clients', client)).id);
    ids.set(client.name, id);
    return id;
  }
}

/** The ids of rows by a field that tells them apart. */
function idsBy(field: string, rows: readonly Json[]): Map<string, string> {
  return new Map(rows.map((row) => [String(row[field]), String(row.id)]));
}
