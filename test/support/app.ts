import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { FORM_OWNER, ownerMark } from '../../modules/platform/web/forms/form-owner';
import { createApp } from '../../src/create-app';
import { freshDatabase, type FreshDatabase } from './database';
import { describedAnswers } from './described';
import { expectIntegrity } from './oracle';

export type Agent = ReturnType<typeof request.agent>;

export interface SentMail {
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly at: Date;
}

export interface TestApp {
  readonly url: string;
  /** The application's own connections. */
  readonly db: DataSource;
  /** The superuser, in the same database. */
  readonly owner: DataSource;
  readonly nest: NestExpressApplication;
  /** Somebody with the CRM session of this user. */
  login(email: string, password?: string): Promise<Agent>;
  anonymous(): Agent;
  /** Everything sent so far, oldest first. */
  mails(): Promise<SentMail[]>;
  /** @throws when the database breaks an invariant by now, or something was answered that openapi.json does not know */
  close(): Promise<void>;
}

export interface AppOptions {
  /** False leaves the jobs lying. */
  readonly worker?: boolean;
  /** For a second application over the same database; whoever made it drops it. */
  readonly database?: FreshDatabase;
  /** Where the application reaches its database, when not directly. */
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  /** A mail server; without one, mails stay in the development mailbox. */
  readonly smtpUrl?: string;
  readonly metricsToken?: string;
  /** Lets web hooks go to receivers of the test itself. */
  readonly privateWebhooks?: boolean;
  /** By default patient, as the machines of tests are slow. */
  readonly pool?: { readonly size: number; readonly waitMs: number };
}

/** The real application on a port of its own, over a fresh database. */
export async function bootApp(options: AppOptions = {}): Promise<TestApp> {
  const database = options.database ?? (await freshDatabase());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const nest = await createApp({
    port,
    dataDir: tmpdir(),
    databaseUrl: options.databaseUrl ?? database.url,
    redisUrl: options.redisUrl ?? process.env.TEST_REDIS_URL,
    smtpUrl: options.smtpUrl,
    publicUrl: url,
    sessionSecret: 'the tests need no better secret than this',
    privateWebhooks: options.privateWebhooks ?? false,
    metricsToken: options.metricsToken,
    logFormat: 'text',
    logLevel: 'error',
    production: false,
    pool: options.pool ?? { size: 20, waitMs: 30_000 },
    migrate: false,
    worker: options.worker ?? true,
    shutdownDelaySeconds: 0,
  });
  const undescribed = describedAnswers(nest);
  await nest.listen(port, '127.0.0.1');
  const owner = await new DataSource({ type: 'postgres', url: database.ownerUrl, poolSize: 2 }).initialize();
  const anonymous = (): Agent => request.agent(url).set('Origin', url);
  return {
    url,
    db: nest.get(DataSource),
    owner,
    nest,
    anonymous,
    async login(email, password = 'partner-program') {
      const agent = anonymous();
      const { body } = await agent.post('/crm/sessions').send({ email, password }).expect(201);
      return ownForms(agent, `user:${(body as { user: { id: string } }).user.id}`);
    },
    mails: () =>
      owner.query<SentMail[]>('select "to", "from", subject, text, html, headers, at from crm.mail order by seq'),
    async close() {
      await nest.close();
      try {
        await expectIntegrity(owner);
        await expectSigned(owner, new URL(options.databaseUrl ?? database.url).username);
      } finally {
        await owner.destroy();
        if (!options.database) await database.drop();
      }
      if (undescribed.size > 0) {
        throw new Error(['Not what openapi.json says; `npm run openapi` writes it anew:', ...undescribed].join('\n'));
      }
    },
  };
}

/** Sends every form as one that was made for this person. */
export function ownForms(agent: Agent, ref: string): Agent {
  const mark = ownerMark({ ref });
  return agent.use((sent: { method: string; query(values: object): unknown }) => {
    if (sent.method !== 'GET') sent.query({ [FORM_OWNER]: mark });
  });
}

/** Whatever the application changed was changed in somebody's name; tests that post to the ledger by hand name nobody. */
async function expectSigned(owner: DataSource, role: string): Promise<void> {
  const unsigned: { action: string }[] = await owner.query(
    `select distinct action from partner_program.audit_record where actor = 'database:' || $1 and action <> 'wallet.adjusted'`,
    [role],
  );
  if (unsigned.length > 0) throw new Error(`Changed in nobody's name: ${JSON.stringify(unsigned)}`);
}

/** Known before the application starts: its links begin with it. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
