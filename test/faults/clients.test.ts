import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { bootApp, type TestApp } from '../support/app';
import { eventually } from '../support/eventually';
import { Office, PDF } from '../support/program';

jest.setTimeout(90_000);

const CLIENTS = 60;

let app: TestApp;
let server: Server;
let usual: Pick<Server, 'headersTimeout' | 'requestTimeout' | 'timeout' | 'keepAliveTimeout'>;
let sockets: Socket[];
/** Connections that the server took. */
let seen = 0;

beforeAll(async () => {
  app = await bootApp();
  server = app.nest.getHttpServer();
  const { headersTimeout, requestTimeout, timeout, keepAliveTimeout } = server;
  usual = { headersTimeout, requestTimeout, timeout, keepAliveTimeout };
  const office = await Office.open(app);
  const large = Buffer.concat([PDF.subarray(0, 9), Buffer.alloc(8_000_000, '%\n'), PDF.subarray(9)]);
  const terms = await office.admin
    .post('/partner-program/terms')
    .field('title', 'Large')
    .attach('file', large, 'a.pdf');
  await office.admin.post(`/partner-program/terms/${terms.body.versionId}/publication`).expect(201);
  server.on('connection', () => seen++);
  // A test has less patience; how often the server looks stays as it is.
  Object.assign(server, { headersTimeout: 500, requestTimeout: 1_500, timeout: 4_000, keepAliveTimeout: 1_000 });
});
beforeEach(() => {
  sockets = [];
  seen = 0;
});
afterEach(() => sockets.forEach((socket) => socket.destroy()));
afterAll(() => app.close());

/** Many connections, each beginning with this; what a connection was answered stands in `answer`. */
function clients(beginning: string, { reads = true, count = CLIENTS } = {}): { answer: string; closed: boolean }[] {
  const { port } = new URL(app.url);
  return Array.from({ length: count }, () => {
    const client = { answer: '', closed: false };
    const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
    socket.setEncoding('latin1').on('error', () => undefined);
    socket.on('connect', () => socket.write(beginning)).on('close', () => (client.closed = true));
    if (reads) socket.on('data', (text) => (client.answer += String(text))).on('end', () => (client.closed = true));
    else socket.pause();
    sockets.push(socket);
    return client;
  });
}

/** A byte now and then, from each. */
function drip(byte: string): NodeJS.Timeout {
  return setInterval(() => sockets.forEach((socket) => socket.writable && socket.write(byte)), 100);
}

const connections = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));

/** While they are there, somebody else is answered; then the server has let go of all of them. */
async function expectReaped(): Promise<void> {
  await eventually(() => expect(seen).toBeGreaterThanOrEqual(CLIENTS));
  const others = Array.from({ length: 10 }, () => app.anonymous().get('/partner-program/health/ready').expect(200));
  await Promise.all(others);
  await eventually(async () => expect(await connections()).toBe(0), { timeoutMs: 30_000 });
}

const GET = 'GET /partner-program/terms/current/file HTTP/1.1\r\nHost: program\r\n';

describe('[F24] clients', () => {
  it('have a limited time for their headers, their request and their silence', () => {
    for (const limit of Object.values(usual)) expect(limit).toBeGreaterThan(0);
    expect(usual.headersTimeout).toBeLessThanOrEqual(30_000);
    expect(usual.requestTimeout).toBeLessThanOrEqual(300_000);
    expect(usual.keepAliveTimeout).toBeGreaterThan(60_000);
  });

  it('that never end their headers are let go', async () => {
    const all = clients(`${GET}X-`);
    const dripping = drip('a');
    await expectReaped();
    clearInterval(dripping);
    expect(all.map(({ answer }) => answer.split('\r\n')[0])).toEqual(all.map(() => 'HTTP/1.1 408 Request Timeout'));
  });

  it('that never end their body are let go', async () => {
    const post = 'POST /partner-program/sessions HTTP/1.1\r\nHost: program\r\nContent-Type: application/json\r\n';
    clients(`${post}Origin: ${app.url}\r\nContent-Length: 100000\r\n\r\n{`);
    const dripping = drip(' ');
    await expectReaped();
    clearInterval(dripping);
  });

  it('that say nothing at all are let go', async () => {
    clients('');
    await expectReaped();
  });

  it('that do not read what they asked for are let go', async () => {
    clients(`${GET}\r\n`, { reads: false });
    await expectReaped();
  });

  it('that went away without a word after their answer are let go', async () => {
    const all = clients('GET /partner-program/health/live HTTP/1.1\r\nHost: program\r\n\r\n');
    await expectReaped();
    expect(all.every(({ answer }) => answer.startsWith('HTTP/1.1 200'))).toBe(true);
  });

  it('that ask two hundred times before they read are answered in order', async () => {
    const asked = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? 'health/live' : 'nowhere'));
    const [one] = clients(
      asked.map((path) => `GET /partner-program/${path} HTTP/1.1\r\nHost: program\r\n\r\n`).join(''),
      { count: 1 },
    );
    const statuses = () => [...one!.answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status);
    await eventually(() => expect(statuses()).toHaveLength(200), { timeoutMs: 60_000 });
    expect(statuses()).toEqual(asked.map((path) => (path === 'nowhere' ? '404' : '200')));
  });
});
