import { v7 as uuidv7 } from 'uuid';
import { User } from '../../src/crm/crm.entities';
import { DEMO_PASSWORD } from '../../src/crm/seed';
import type { Agent, TestApp } from './app';
import { eventually } from './eventually';
import { quickHash } from './quick-hash';

const PASSWORD_HASH = quickHash(DEMO_PASSWORD);

/** The smallest file that passes for a PDF. */
export const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly agent: Agent;
}

export interface Member extends Person {
  readonly partnerId: string;
}

/** The office of one program in a test: all but the CRM's users through the HTTP API, as its people would do it. */
export class Office {
  private count = 0;
  private clientId?: string;

  private constructor(
    private readonly app: TestApp,
    readonly admin: Agent,
    readonly termsVersionId: string,
  ) {}

  /** Terms in force; signed accrues, cancelled and refunded reverse; withdrawals need no account. */
  static async open(app: TestApp): Promise<Office> {
    const admin = await app.login('admin@crm.example');
    const terms = await admin
      .post('/partner-program/terms')
      .field('title', 'Regulamin')
      .attach('file', PDF, { filename: 'regulamin.pdf', contentType: 'application/pdf' })
      .expect(201);
    const { versionId } = terms.body as { versionId: string };
    await admin.post(`/partner-program/terms/${versionId}/publication`).expect(201);
    const office = new Office(app, admin, versionId);
    await office.actions({ signed: 'accrue', cancelled: 'reverse', refunded: 'reverse' });
    await admin.put('/partner-program/settings').send({ requirePayoutAccount: false }).expect(200);
    return office;
  }

  actions(actions: Record<string, 'none' | 'accrue' | 'reverse'>) {
    const body = Object.entries(actions).map(([status, action]) => ({ status, action }));
    return this.admin.put('/partner-program/settings/contract-statuses').send(body).expect(200);
  }

  /** Rates in basis points by level, from level 0 on. @returns the version in force from now on */
  levels(...rates: number[]): Promise<string> {
    return this.plan({ kind: 'levels', levels: rates.map((rateBps, level) => ({ level, rateBps })) });
  }

  async plan(plan: object): Promise<string> {
    const draft = { name: `Plan ${++this.count}`, currency: 'PLN', compression: 'none', holdingDays: 0, ...plan };
    const { body } = await this.admin.post('/partner-program/plans').send(draft).expect(201);
    const { versionId } = body as { versionId: string };
    await this.admin.post(`/partner-program/plans/${versionId}/activation`).send({}).expect(201);
    return versionId;
  }

  /** A draft that knows these ranks, so that they can be given. */
  async ranks(...names: string[]): Promise<void> {
    const ranks = names.map((rank, index) => ({ rank, rateBps: 100 * (index + 1) }));
    const draft = {
      name: `Ranks ${++this.count}`,
      currency: 'PLN',
      kind: 'differential',
      compression: 'none',
      holdingDays: 0,
    };
    await this.admin
      .post('/partner-program/plans')
      .send({ ...draft, ranks })
      .expect(201);
  }

  async user(fields: object = {}): Promise<Person> {
    const email = `person${++this.count}@crm.example`;
    const user = new User();
    Object.assign(user, { id: uuidv7(), email, firstName: 'Jan', lastName: `Kos${this.count}` });
    Object.assign(user, { permissions: ['participate'], passwordHash: PASSWORD_HASH, ...fields });
    await this.app.db.manager.insert(User, user);
    return { id: user.id, email: user.email, agent: await this.app.login(user.email) };
  }

  /** A CRM user who has joined, under a supervisor who has joined. */
  async member(supervisor?: Person, fields: object = {}): Promise<Member> {
    const person = await this.user({ ...(supervisor ? { supervisorId: supervisor.id } : {}), ...fields });
    const { body } = await this.join(person).expect(201);
    return { ...person, partnerId: (body as { partner: { id: string } }).partner.id };
  }

  join({ agent }: Person) {
    return agent.post('/partner-program/membership').send({ termsVersionId: this.termsVersionId });
  }

  async contract(seller: Person, valueMinor: number, fields: object = {}): Promise<string> {
    this.clientId ??= await this.client();
    const contract = {
      number: `U/${++this.count}`,
      clientId: this.clientId,
      sellerId: seller.id,
      valueMinor,
      currency: 'PLN',
    };
    const { body } = await this.admin
      .post('/crm/contracts')
      .send({ ...contract, ...fields })
      .expect(201);
    return (body as { id: string }).id;
  }

  status(contractId: string, status: string, refundBps?: number) {
    return this.admin.post(`/crm/contracts/${contractId}/status`).send({ status, refundBps }).expect(200);
  }

  /** Available money in złoty's grosze, of each partner in turn. */
  async available(...members: Member[]): Promise<number[]> {
    const amounts: number[] = [];
    for (const { partnerId, agent } of members) {
      const { body } = await agent.get(`/partner-program/partners/${partnerId}/wallets`).expect(200);
      const wallets = (body as { data: { currency: string; availableMinor: number }[] }).data;
      amounts.push(wallets.find(({ currency }) => currency === 'PLN')?.availableMinor ?? 0);
    }
    return amounts;
  }

  /** Waits until every told change has been worked on. */
  settled(): Promise<void> {
    return eventually(async () => {
      const waiting: { key: string; last_error: string | null }[] = await this.app.owner.query(
        `select key, last_error from partner_program.job where kind = 'contract' and status <> 'done'`,
      );
      if (waiting.length > 0) throw new Error(`Not done: ${JSON.stringify(waiting)}`);
    });
  }

  private async client(): Promise<string> {
    const { body } = await this.admin.post('/crm/clients').send({ name: 'Klient' }).expect(201);
    return (body as { id: string }).id;
  }
}
