import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { bootApp, type TestApp } from '../../../support/app';
import { certificate, type Certificate } from '../../../support/certificates';
import { freshDatabase, type FreshDatabase } from '../../../support/database';
import { eventually } from '../../../support/eventually';
import { Build, ProgramProcess } from '../../../support/processes';
import { Office } from '../../../support/program';

const HOOKS = '/partner-program/settings/webhooks';

/** The one that the sending process trusts, besides those that Node brings along. */
const authority = certificate({ name: 'An authority' });
const servers: Server[] = [];
let build: Build;
let folder: string;
let database: FreshDatabase;
/** Takes the requests of people; the process sends. */
let app: TestApp;
let office: Office;
let sender: ProgramProcess;

beforeAll(async () => {
  build = Build.made();
  folder = mkdtempSync(join(tmpdir(), 'partner-program-tls-'));
  writeFileSync(join(folder, 'authority.pem'), authority.cert);
  database = await freshDatabase();
  app = await bootApp({ database, worker: false, privateWebhooks: true });
  await app.owner.query(`insert into crm.seed (name) values ('demo')`);
  office = await Office.open(app);
  sender = await ProgramProcess.spawn(build, {
    DATABASE_URL: database.url,
    SESSION_SECRET: 'the tests need no better secret than this',
    PRIVATE_WEBHOOKS: 'true',
    NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
  });
  await sender.ready();
}, 180_000);
afterAll(async () => {
  await sender.kill();
  for (const server of servers) server.close();
  await app.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

interface Receiver {
  readonly url: string;
  /** The name that the client asked for in the handshake, and the one in the request. */
  readonly heard: { readonly serverName: unknown; readonly host: string | undefined }[];
}

/** A receiver on this machine, reached by the name `localhost`, which shows this certificate. */
async function receiverWith({ key, cert }: Certificate): Promise<Receiver> {
  const heard: Receiver['heard'] = [];
  const server = createServer({ key: key.export({ type: 'pkcs8', format: 'pem' }), cert }, (request, response) => {
    heard.push({ serverName: (request.socket as TLSSocket).servername, host: request.headers.host });
    response.writeHead(204).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return { url: `https://localhost:${(server.address() as AddressInfo).port}/`, heard };
}

/** What the log of deliveries says about a test message to this address. */
async function told({ url }: Receiver): Promise<object> {
  const { body } = await office.admin
    .post(HOOKS)
    .send({ url, events: ['partner.joined'] })
    .expect(201);
  const { id } = body as { id: string };
  await office.admin.post(`${HOOKS}/${id}/test`).expect(201);
  let attempt: object | undefined;
  await eventually(
    async () => {
      const { body: list } = await office.admin.get(`${HOOKS}/${id}/deliveries`).expect(200);
      attempt = (list as { data: [{ lastAttempts: object[] }] }).data[0].lastAttempts.at(-1);
      expect(attempt).toBeDefined();
    },
    { timeoutMs: 30_000 },
  );
  await office.admin.delete(`${HOOKS}/${id}`).expect(204);
  return attempt!;
}

it('[F77] sends to the address that was checked, and holds the certificate against the name', async () => {
  const receiver = await receiverWith(certificate({ name: 'localhost', by: authority }));
  expect(await told(receiver)).toMatchObject({ responseStatus: 204 });
  expect(receiver.heard).toEqual([{ serverName: 'localhost', host: new URL(receiver.url).host }]);
});

it.each([
  ['of another host', 'ERR_TLS_CERT_ALTNAME_INVALID', () => certificate({ name: 'receiver.example', by: authority })],
  ['that is over', 'CERT_HAS_EXPIRED', () => certificate({ name: 'localhost', by: authority, until: new Date() })],
  ['that it signed itself', 'DEPTH_ZERO_SELF_SIGNED_CERT', () => certificate({ name: 'localhost' })],
  [
    'of an authority that nobody knows',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    () => certificate({ name: 'localhost', by: certificate({ name: 'A stranger' }) }),
  ],
])('sends nothing to a receiver with a certificate %s, and says why', async (_, answer, made) => {
  const receiver = await receiverWith(made());
  expect(await told(receiver)).toMatchObject({ responseStatus: null, answer });
  expect(receiver.heard).toEqual([]);
});
