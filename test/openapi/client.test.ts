import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CookieAccessInfo } from 'cookiejar';
import { type Agent, bootApp, type TestApp } from '../support/app';
import { Office } from '../support/program';

const ROOT = join(__dirname, '../..');
const run = promisify(execFile);

let app: TestApp;
let folder: string;
beforeAll(async () => {
  app = await bootApp();
  folder = await mkdtemp(join(tmpdir(), 'api-client-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await app.close();
});

/** Runs a program of a package below the root. */
function node(script: string, ...args: string[]) {
  return run(process.execPath, [join(ROOT, 'node_modules', script), ...args], { cwd: folder }).catch(
    (error: { stdout?: string; stderr?: string }) => {
      throw new Error(`${script} ${args.join(' ')}\n${error.stdout}${error.stderr}`);
    },
  );
}

function cookiesOf(agent: Agent): string {
  return agent.jar.getCookies(new CookieAccessInfo('127.0.0.1', '/', false, false)).toValueString();
}

it('lets a stranger write a typed program from openapi.json, and the program does what its types say', async () => {
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await copyFile(join(__dirname, 'client/program.mts'), join(folder, 'program.mts'));
  await node('openapi-typescript/bin/cli.js', join(ROOT, 'openapi.json'), '-o', join(folder, 'api.d.ts'));
  await node(
    '@typescript/native/bin/tsc',
    ...['--strict', '--exactOptionalPropertyTypes', 'false', '--skipLibCheck', '--types', 'node'],
    ...['--target', 'es2022', '--module', 'nodenext', 'program.mts'],
  );

  const office = await Office.open(app);
  await office.levels(1000);
  const seller = await office.user();
  const contract = await office.contract(seller, 500_00);
  const { stdout } = await run(process.execPath, [join(folder, 'program.mjs')], {
    env: {
      BASE_URL: app.url,
      SELLER: cookiesOf(seller.agent),
      CASHIER: cookiesOf(office.admin),
      CONTRACT: contract,
    },
  });
  expect(JSON.parse(stdout)).toEqual({
    own: 100_00,
    before: 50_00,
    pendingIsMine: true,
    code: 'WITHDRAWAL_ALREADY_PENDING',
    status: 'paid',
    after: [{ availableMinor: 30_00, paidOutMinor: 20_00 }],
  });
}, 120_000);
