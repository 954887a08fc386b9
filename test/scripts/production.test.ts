import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres';
import { withDatabase } from '../support/cluster';
import { eventually } from '../support/eventually';
import { freePort } from '../support/processes';

const root = join(__dirname, '..', '..');
const LEFT_OUT = ['node_modules', 'dist', 'data', '.git', '.env'];

let clone: string;
let server: EmbeddedPostgres;
let started: ChildProcess | undefined;
let env: NodeJS.ProcessEnv;
let url: string;

beforeAll(async () => {
  clone = mkdtempSync(join(tmpdir(), 'partner-program-production-'));
  chmodSync(clone, 0o755);
  cpSync(root, clone, { recursive: true, filter: (source) => !LEFT_OUT.includes(basename(source)) });
  shareNodeModules();
  server = await EmbeddedPostgres.start({ dataDir: join(clone, 'data') });
  await makeRoles();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const { PATH, HOME } = process.env;
  const secrets = { SESSION_SECRET: 'thirty-two characters or more of it', METRICS_TOKEN: 'a token for the metrics' };
  env = { PATH, HOME, ...secrets, PORT: String(port), DATABASE_URL: of('app'), DATABASE_OWNER_URL: of('owner') };
}, 60_000);
afterAll(async () => {
  started?.kill('SIGKILL');
  await server.stop();
  rmSync(clone, { recursive: true });
});

/** Saves the download: the same files by other names, but for npm's notes, which it overwrites in place. */
function shareNodeModules(): void {
  const notes = 'node_modules/.package-lock.json';
  execFileSync('cp', ['-al', realpathSync(join(root, 'node_modules')), clone]);
  rmSync(join(clone, notes));
  copyFileSync(join(root, notes), join(clone, notes));
}

const of = (role: string): string => {
  const address = new URL(withDatabase(server.ownerUrl, 'production'));
  address.username = `production_${role}`;
  address.password = role;
  return address.href;
};

/** By the statements of scripts/roles.sh, for other names. */
async function makeRoles(): Promise<void> {
  const [, sql = ''] = /<<'SQL'\n([^]*)SQL\n/.exec(readFileSync(join(root, 'scripts/roles.sh'), 'utf8')) ?? [];
  const statements = sql
    .replaceAll(":'owner'", escapeLiteral('owner'))
    .replaceAll(":'app'", escapeLiteral('app'))
    .replaceAll(':"database"', escapeIdentifier('production'))
    .replaceAll('crm_', 'production_');
  const client = new Client({ connectionString: server.ownerUrl });
  await client.connect();
  await client.query('create database production');
  await client.query(statements);
  await client.end();
}

it('goes into production from a fresh clone, as a role that owns nothing', async () => {
  const start = spawn(join(clone, 'scripts', 'production.sh'), { env, cwd: '/' });
  started = start;
  let output = '';
  for (const stream of [start.stdout, start.stderr]) stream.on('data', (text: Buffer) => (output += String(text)));
  const ready = () => fetch(`${url}/partner-program/health/ready`).then((reply) => reply.json() as Promise<object>);
  await eventually(
    async () => {
      if (start.exitCode === null) expect(await ready()).toMatchObject({ status: 'ok', migrations: 'done' });
    },
    { timeoutMs: 120_000 },
  );
  expect([start.exitCode, output]).toEqual([null, expect.stringContaining('is up to date')]);
  for (const tool of ['@typescript/native', 'jest', 'eslint', 'playwright-core']) {
    expect([tool, existsSync(join(clone, 'node_modules', tool))]).toEqual([tool, false]);
  }

  const made = execFileSync(process.execPath, ['dist/src/create-admin.js', 'first@crm.example'], {
    cwd: clone,
    env: { ...env, NODE_ENV: 'production' },
    encoding: 'utf8',
  });
  const password = /the password (\S+)/.exec(made)![1]!;
  const login = await fetch(`${url}/crm/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'https' },
    body: JSON.stringify({ email: 'first@crm.example', password }),
  });
  expect(login.status).toBe(201);
  expect(await login.json()).toMatchObject({ user: { firstName: 'Administrator', lastName: 'first' } });
  const cookie = login.headers.get('set-cookie')!;
  expect(cookie).toMatch(/; Secure/);
  const as = { headers: { cookie: cookie.split(';')[0]!, accept: 'text/html', 'x-forwarded-proto': 'https' } };
  expect(await (await fetch(`${url}/partner-program/plans`, as)).text()).toContain('<html');
  const demo = { email: 'admin@crm.example', password: 'partner-program' };
  const nobody = await fetch(`${url}/crm/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(demo),
  });
  expect(nobody.status).toBe(401);

  start.kill('SIGTERM');
  expect(await once(start, 'exit')).toEqual([0, null]);
  const lines = output
    .slice(output.indexOf('is up to date.') + 'is up to date.'.length)
    .trim()
    .split('\n');
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('level');
  expect(output).not.toContain(password);
}, 240_000);

it('says what is not set before it does anything', async () => {
  const { DATABASE_OWNER_URL: _, ...less } = env;
  const start = spawn(join(clone, 'scripts', 'production.sh'), { env: less });
  let output = '';
  start.stderr.on('data', (text: Buffer) => (output += String(text)));
  const [code] = (await once(start, 'close')) as [number];
  expect([code === 0, output]).toEqual([false, expect.stringContaining('DATABASE_OWNER_URL')]);
});
