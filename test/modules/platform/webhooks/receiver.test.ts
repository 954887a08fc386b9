import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { retryDelaySeconds } from '../../../../modules/platform/webhooks/retry-delay';
import { bootApp, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { freePort } from '../../../support/processes';
import { Office } from '../../../support/program';

const HOOKS = '/partner-program/settings/webhooks';
const page = readFileSync(join(__dirname, '../../../../docs/how-to/receive-webhooks.md'), 'utf8');

let app: TestApp;
let office: Office;
let folder: string;
let port: number;
let hook: { id: string; secret: string };
let receiver: Receiver | undefined;

beforeAll(async () => {
  app = await bootApp({ privateWebhooks: true });
  office = await Office.open(app);
  folder = mkdtempSync(join(tmpdir(), 'partner-program-receiver-'));
  for (const [, body] of page.matchAll(/^```js\n([\s\S]*?)^```/gm)) {
    writeFileSync(join(folder, /\w+\.mjs/.exec(body!)![0]), body!);
  }
  port = await freePort();
  const { body } = await office.admin
    .post(HOOKS)
    .send({ url: `http://127.0.0.1:${port}/`, events: ['partner.joined'] })
    .expect(201);
  hook = body as typeof hook;
});
afterEach(() => receiver?.stop());
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

/** The page's own receiver. */
class Receiver {
  private output = '';
  private constructor(private readonly child: ChildProcess) {
    child.stdout!.on('data', (text: Buffer) => void (this.output += String(text)));
  }

  static async start(secret: string): Promise<Receiver> {
    const env = { ...process.env, SECRET: secret, PORT: String(port) };
    const child = spawn(process.execPath, ['receiver.mjs'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    receiver = new Receiver(child);
    await eventually(() => expect(receiver!.output).toContain('listening\n'));
    return receiver;
  }

  /** What it took in, in its order. */
  get heard(): { type: string }[] {
    const lines = this.output.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as { type: string });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill();
    await once(this.child, 'exit');
  }
}

async function delivered(count: number): Promise<{ id: string }[]> {
  let data: { id: string; status: string }[] = [];
  await eventually(async () => {
    ({ data } = (await office.admin.get(`${HOOKS}/${hook.id}/deliveries`).expect(200)).body as { data: typeof data });
    expect(data.filter(({ status }) => status === 'delivered')).toHaveLength(count);
  });
  return data;
}

describe('the receiver in the documentation', () => {
  it('takes what the program sends, once, and nothing that somebody else sends', async () => {
    await Receiver.start(hook.secret);
    await office.member();
    await office.admin.post(`${HOOKS}/${hook.id}/test`).expect(201);
    const [{ id }] = (await delivered(2)) as [{ id: string }];
    expect(receiver!.heard.map(({ type }) => type).toSorted()).toEqual(['partner.joined', 'webhook.test']);
    await office.admin.post(`${HOOKS}/${hook.id}/deliveries/${id}/replay`).expect(204);
    await eventually(async () => {
      const [attempt] = await app.owner.query<{ response_status: number }[]>(
        'select response_status from partner_program.webhook_attempt where delivery_id = $1 and number = 2',
        [id],
      );
      expect(attempt).toEqual({ response_status: 204 });
    });
    const now = Math.floor(Date.now() / 1_000);
    const forgeries: Record<string, string>[] = [
      {},
      { 'webhook-id': 'x', 'webhook-timestamp': String(now), 'webhook-signature': 'v1,AAAA' },
      { 'webhook-id': 'x', 'webhook-timestamp': 'soon', 'webhook-signature': '' },
    ];
    for (const headers of forgeries) {
      const forged = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{"type":"forged"}', headers });
      expect(forged.status).toBe(400);
    }
    expect(receiver!.heard).toHaveLength(2);
  });

  it('needs no pause when the secret is rotated', async () => {
    const { body } = await office.admin.post(`${HOOKS}/${hook.id}/secret`).expect(201);
    for (const [count, secret] of [hook.secret, (body as typeof hook).secret].entries()) {
      await Receiver.start(secret);
      await office.admin.post(`${HOOKS}/${hook.id}/test`).expect(201);
      await delivered(3 + count);
      expect(receiver!.heard).toMatchObject([{ type: 'webhook.test' }]);
      await receiver!.stop();
    }
  });
});

it('is told of the pauses that there are', () => {
  const [, row] = /^\| pause \| (.*) \|$/m.exec(page)!;
  const units = { s: 1, min: 60, h: 3_600 };
  const documented = row!.split(' | ').map((pause) => {
    const [count, unit] = pause.split(' ') as [string, keyof typeof units];
    return Number(count) * units[unit];
  });
  const pauses = Array.from({ length: 10 }, (_, index) =>
    retryDelaySeconds({ attempt: index + 1, ageSeconds: 0, restSeconds: 0 }, 0.5),
  );
  expect(pauses.map((pause) => pause && Math.round(pause))).toEqual([...documented, undefined]);
});
