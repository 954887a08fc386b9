import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { JobsService } from '../../../../modules/platform/jobs/jobs.service';
import { JobWorker } from '../../../../modules/platform/jobs/worker.service';
import { WebhookReports } from '../../../../modules/platform/webhooks/webhook-reports.service';
import { bootApp, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { type Member, Office } from '../../../support/program';

const TOKEN = 'a token for the metrics';
const HOOKS = '/partner-program/settings/webhooks';

interface Heard {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}
interface Told {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Record<string, unknown>;
}
interface Endpoint {
  readonly id: string;
  readonly secret: string;
}
interface Delivery {
  readonly id: string;
  readonly eventId: string;
  readonly type: string;
  readonly status: string;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly lastAttempts: { number: number; attemptedAt: string; responseStatus: number | null; answer: string }[];
}

/** Another system of the house: a real server that answers what the test says. */
class Receiver {
  readonly heard: Heard[] = [];
  /** By path; 204 where not given. */
  readonly answers = new Map<string, { status: number; body?: string; headers?: Record<string, string> }>();
  /** Paths on which nothing is answered until they are released. */
  readonly silent = new Map<string, ServerResponse[]>();
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }
  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }
  at(path: string): Heard[] {
    return this.heard.filter((one) => one.path === path);
  }

  release(path: string, status = 204): void {
    for (const response of this.silent.get(path)!) response.writeHead(status).end();
    this.silent.delete(path);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url!;
    this.heard.push({ path, headers: request.headers as never, body: Buffer.concat(chunks).toString() });
    const waiting = this.silent.get(path);
    if (waiting) return void waiting.push(response);
    const { status, body = '', headers = {} } = this.answers.get(path) ?? { status: 204 };
    response.writeHead(status, headers).end(body);
  }
}

const receiver = new Receiver();
let app: TestApp;
let office: Office;
let manager: Member;
let member: Member;
let paths = 0;

beforeAll(async () => {
  await receiver.open();
  app = await bootApp({ privateWebhooks: true, worker: false, metricsToken: TOKEN });
  office = await Office.open(app);
  manager = await office.member();
  member = await office.member(manager);
  await office.levels(1_000, 500);
});
afterAll(async () => {
  await receiver.close();
  await app.close();
});

const drain = () => app.nest.get(JobWorker).drain();

/** An endpoint on a path of its own, which nothing else is told to. */
async function listen(...events: string[]): Promise<Endpoint & { path: string }> {
  const path = `/${++paths}`;
  const { body } = await office.admin
    .post(HOOKS)
    .send({ url: receiver.url(path), events })
    .expect(201);
  return { ...(body as Endpoint), path };
}
const verified = (secret: string, { body, headers }: Heard): Told => new Webhook(secret).verify(body, headers) as Told;
const remove = ({ id }: Endpoint) => office.admin.delete(`${HOOKS}/${id}`).expect(204);
async function deliveriesTo({ id }: Endpoint): Promise<Delivery[]> {
  const { body } = await office.admin.get(`${HOOKS}/${id}/deliveries`).expect(200);
  return (body as { data: Delivery[] }).data;
}
async function stateOf({ id }: Endpoint): Promise<object | undefined> {
  const { body } = await office.admin.get(HOOKS).expect(200);
  return (body as { data: Endpoint[] }).data.find((one) => one.id === id);
}
const audited = ({ id }: Endpoint): Promise<{ action: string; actor: string; after: object | null }[]> =>
  app.owner.query(
    `select action, actor, after from partner_program.audit_record
      where object_type = 'webhook' and object_id = $1 order by id`,
    [id],
  );
const test = ({ id }: Endpoint, status = 201) => office.admin.post(`${HOOKS}/${id}/test`).expect(status);
const replay = ({ id }: Endpoint, { id: deliveryId }: Delivery) =>
  office.admin.post(`${HOOKS}/${id}/deliveries/${deliveryId}/replay`);

/** The next attempts come now instead of in minutes or hours: all of them, or that of a delivery. */
async function hurry(delivery?: Delivery): Promise<void> {
  await app.owner.query(
    `update partner_program.job set due_at = partner_program.now_ms()
      where kind = 'webhook' and status = 'waiting' and ($1::text is null or payload ->> 'deliveryId' = $1)`,
    [delivery?.id],
  );
  await drain();
}

async function ask(amountMinor: number): Promise<string> {
  await member.agent
    .put('/partner-program/payout-account')
    .send({ kind: 'iban', value: 'PL61109010140000071219812874', holder: 'Jan Kos' });
  const { body } = await member.agent
    .post('/partner-program/withdrawals')
    .send({ amountMinor, currency: 'PLN' })
    .expect(201);
  return (body as { id: string }).id;
}

/** The fields that the reference names for an event, also those of its lines. */
function fieldsInDocs(event: string): string[] {
  const page = readFileSync(join(__dirname, '../../../../docs/reference/events.md'), 'utf8');
  const [, fields] = new RegExp(`^\\| \`${event}\` \\| (.*) \\|$`, 'm').exec(page)!;
  return [...new Set([...fields!.matchAll(/`(\w+)`/g)].map(([, name]) => name!))].toSorted();
}
function fieldsOf({ data: { lines, ...data } }: Told): string[] {
  const ofLines = Array.isArray(lines) ? ['lines', ...Object.keys((lines as object[])[0]!)] : [];
  return [...new Set([...Object.keys(data), ...ofLines])].toSorted();
}

describe('what is told', () => {
  it('tells commissions once for each step of a contract, signed as the specification says', async () => {
    const hook = await listen('commission.posted', 'commission.reversed');
    const contractId = await office.contract(member, 100_000);
    await office.status(contractId, 'signed');
    await drain();
    await office.status(contractId, 'cancelled');
    await drain();
    const told = receiver.at(hook.path).map((heard) => verified(hook.secret, heard));
    expect(told).toMatchObject([
      {
        type: 'commission.posted',
        data: {
          contractId,
          currency: 'PLN',
          amountMinor: 15_000,
          lines: [
            { partnerId: member.partnerId, level: 0, amountMinor: 10_000 },
            { partnerId: manager.partnerId, level: 1, amountMinor: 5_000 },
          ],
        },
      },
      { type: 'commission.reversed', data: { contractId, amountMinor: -15_000 } },
    ]);
    expect(new Date(told[0]!.timestamp).toISOString()).toBe(told[0]!.timestamp);
    for (const one of told) expect(fieldsOf(one)).toEqual(fieldsInDocs(one.type));
    await remove(hook);
  });

  it('tells withdrawals, joinings, moves and terms by ids, amounts and times alone', async () => {
    const hook = await listen(
      'withdrawal.requested',
      'withdrawal.paid',
      'withdrawal.rejected',
      'partner.joined',
      'partner.moved',
      'terms.published',
    );
    await office.admin
      .post(`/partner-program/partners/${member.partnerId}/adjustments`)
      .send({ amountMinor: 100_000, currency: 'PLN', reason: 'A premium for the fair' })
      .expect(201);
    const paid = await ask(20_000);
    await office.admin.post(`/partner-program/withdrawals/${paid}/payout`).send({}).expect(201);
    const rejected = await ask(30_000);
    await office.admin
      .post(`/partner-program/withdrawals/${rejected}/rejection`)
      .send({ reason: 'No invoice was sent' })
      .expect(201);
    const newcomer = await office.member(manager);
    await office.admin
      .post(`/partner-program/partners/${newcomer.partnerId}/placements`)
      .send({ sponsorId: member.partnerId, reason: 'Asked for by both of them' })
      .expect(201);
    await office.admin.post(`/partner-program/terms/${office.termsVersionId}/publication`).expect(201);
    await drain();
    const told = receiver.at(hook.path).map((heard) => verified(hook.secret, heard));
    const money = { partnerId: member.partnerId, currency: 'PLN' };
    expect(told).toHaveLength(6);
    expect(told.map(({ type, data }) => ({ type, data }))).toEqual(
      expect.arrayContaining([
        { type: 'withdrawal.requested', data: { withdrawalId: paid, amountMinor: 20_000, ...money } },
        { type: 'withdrawal.paid', data: { withdrawalId: paid, amountMinor: 20_000, ...money } },
        { type: 'withdrawal.requested', data: { withdrawalId: rejected, amountMinor: 30_000, ...money } },
        { type: 'withdrawal.rejected', data: { withdrawalId: rejected, amountMinor: 30_000, ...money } },
        { type: 'partner.joined', data: { partnerId: newcomer.partnerId, sponsorId: manager.partnerId } },
        {
          type: 'partner.moved',
          data: {
            partnerId: newcomer.partnerId,
            sponsorId: member.partnerId,
            effectiveAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
          },
        },
      ]),
    );
    for (const one of told) expect(fieldsOf(one)).toEqual(fieldsInDocs(one.type));
    expect(JSON.stringify(receiver.at(hook.path))).not.toContain('@');
    await remove(hook);
  });

  it('writes nothing while nobody listens, and nothing for a change that is undone', async () => {
    const count = async () =>
      Number((await app.owner.query('select count(*) from partner_program.webhook_event'))[0].count);
    const before = await count();
    await office.member(manager);
    expect(await count()).toBe(before);
    const hook = await listen('partner.joined');
    await app.db
      .transaction(async (tx) => {
        await tx.query(
          `with holder as (insert into partner_program.holder values (gen_random_uuid(), 'partner') returning id)
           insert into partner_program.partner (id, first_name, last_name, email, referral_code, joined_at)
           values ((select id from holder), 'A', 'B', 'ab@poczta.example', 'abcdefgh2345', partner_program.now_ms())`,
        );
        throw new Error('undone');
      })
      .catch(() => undefined);
    expect(await count()).toBe(before);
    await remove(hook);
  });
});

describe('how it is told', () => {
  it('tries again under the same id until it comes through', async () => {
    const hook = await listen('terms.published');
    receiver.answers.set(hook.path, { status: 503, body: `Closed\nfor ${'stocktaking '.repeat(100)}` });
    await test(hook);
    await drain();
    expect(await deliveriesTo(hook)).toMatchObject([
      {
        status: 'waiting',
        attempts: 1,
        lastAttempts: [{ number: 1, responseStatus: 503, answer: expect.stringMatching(/^Closed for stock.{1,500}$/) }],
      },
    ]);
    receiver.answers.delete(hook.path);
    await hurry();
    const [delivery] = await deliveriesTo(hook);
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 2, nextAttemptAt: null });
    expect(delivery!.lastAttempts).toMatchObject([
      { number: 2, responseStatus: 204, answer: '' },
      { number: 1, responseStatus: 503 },
    ]);
    const [first, second] = receiver.at(hook.path);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    expect(second!.body).toBe(first!.body);
    expect(verified(hook.secret, second!).type).toBe('webhook.test');
    const { text } = await app.anonymous().get('/partner-program/metrics').set('authorization', `Bearer ${TOKEN}`);
    expect(text).toMatch(/webhook_attempts_total\{outcome="failed"\} [1-9]/);
    await hurry();
    expect(receiver.at(hook.path)).toHaveLength(2);
    await remove(hook);
  });

  it.each([
    ['seconds', '7200', 7_200, 8_640],
    ['a moment', new Date(Date.now() + 4 * 3_600_000).toUTCString(), 3.9 * 3_600, 4.8 * 3_600],
    ['longer than a day', '31536000', 86_400, 1.2 * 86_400],
  ])('leaves an endpoint alone as long as its Retry-After asks for: %s', async (_, retryAfter, least, most) => {
    const hook = await listen('terms.published');
    receiver.answers.set(hook.path, { status: 429, headers: { 'retry-after': retryAfter } });
    await test(hook);
    await drain();
    const [{ nextAttemptAt, lastAttempts }] = (await deliveriesTo(hook)) as [Delivery];
    const pause = (Date.parse(nextAttemptAt!) - Date.parse(lastAttempts[0]!.attemptedAt)) / 1_000;
    expect(pause).toBeGreaterThanOrEqual(least);
    expect(pause).toBeLessThanOrEqual(most);
    await remove(hook);
  });

  it('keeps what was tried: nobody changes an attempt, and it goes with its event after 30 days', async () => {
    const hook = await listen('terms.published');
    await test(hook);
    await drain();
    const [{ id, eventId }] = (await deliveriesTo(hook)) as [Delivery];
    const attempts = () =>
      app.owner.query<object[]>('select 1 from partner_program.webhook_attempt where delivery_id = $1', [id]);
    await expect(app.owner.query(`update partner_program.webhook_attempt set answer = 'better'`)).rejects.toThrow();
    await expect(app.db.query('delete from partner_program.webhook_attempt')).rejects.toThrow('permission denied');
    expect(await attempts()).toHaveLength(1);
    await app.owner.query('alter table partner_program.webhook_event disable trigger webhook_event_kept');
    await app.owner.query(
      `update partner_program.webhook_event set occurred_at = occurred_at - interval '31 days' where id = $1`,
      [eventId],
    );
    await app.owner.query('alter table partner_program.webhook_event enable trigger webhook_event_kept');
    await app.db.transaction((tx) =>
      app.nest.get(JobsService).add(tx, { key: `purge ${id}`, kind: 'retention', payload: {} }),
    );
    await drain();
    expect(await attempts()).toEqual([]);
    await remove(hook);
  });

  it('can be told again by hand, and not while it is on its way', async () => {
    const hook = await listen('terms.published');
    await test(hook);
    const [waiting] = await deliveriesTo(hook);
    await replay(hook, waiting!).expect(409);
    await drain();
    await replay(hook, waiting!).expect(204);
    await drain();
    const ids = receiver.at(hook.path).map(({ headers }) => headers['webhook-id']);
    expect(ids).toEqual([waiting!.eventId, waiting!.eventId]);
    expect(await deliveriesTo(hook)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
    await replay(hook, { ...waiting!, id: '99999' }).expect(404);
    await remove(hook);
  });

  it('keeps a delivery once for each event and endpoint, and an attempt that is claimed twice counts once', async () => {
    const [one, other] = [await listen('partner.joined'), await listen('partner.joined')];
    await office.member(manager);
    await drain();
    expect([receiver.at(one.path), receiver.at(other.path)].map((heard) => heard.length)).toEqual([1, 1]);
    await app.owner.query(`update partner_program.job set status = 'waiting', finished_at = null,
                             due_at = partner_program.now_ms() where kind = 'webhook'`);
    await drain();
    expect([receiver.at(one.path), receiver.at(other.path)].map((heard) => heard.length)).toEqual([1, 1]);
    await remove(one);
    await remove(other);
  });

  it('signs by both secrets for a day after a rotation, and then by the new one', async () => {
    const hook = await listen('terms.published');
    const { body } = await office.admin.post(`${HOOKS}/${hook.id}/secret`).expect(201);
    const { secret } = body as Endpoint;
    await test(hook);
    await drain();
    const [both] = receiver.at(hook.path);
    for (const key of [hook.secret, secret]) expect(verified(key, both!).type).toBe('webhook.test');
    await app.owner.query(
      `update partner_program.webhook_endpoint set previous_until = partner_program.now_ms() where id = $1`,
      [hook.id],
    );
    await test(hook);
    await drain();
    const after = receiver.at(hook.path)[1]!;
    expect(verified(secret, after).type).toBe('webhook.test');
    expect(() => verified(hook.secret, after)).toThrow('No matching signature');
    await remove(hook);
  });

  it('gives up after ten attempts, switches the endpoint off and tells the holders of configure', async () => {
    const hook = await listen('terms.published');
    receiver.answers.set(hook.path, { status: 500 });
    await test(hook);
    await drain();
    for (let attempt = 2; attempt < 10; attempt++) await hurry();
    await test(hook);
    await drain();
    await hurry((await deliveriesTo(hook))[1]);
    expect(receiver.at(hook.path)).toHaveLength(11);
    const [waiting, failed] = await deliveriesTo(hook);
    expect(failed).toMatchObject({ status: 'failed', attempts: 10, nextAttemptAt: null });
    expect(failed!.lastAttempts.map(({ number }) => number)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(waiting).toMatchObject({ status: 'failed', attempts: 1, nextAttemptAt: null });
    expect(await stateOf(hook)).toMatchObject({
      active: false,
      disabledAt: expect.any(String),
      disabledReason: 'failing',
    });
    const mails = (await app.mails()).filter(({ text }) => text.includes(hook.id));
    expect(mails.map(({ to }) => to)).toEqual(['admin@crm.example']);
    expect(mails[0]!.text).toContain(`${app.url}${HOOKS}/${hook.id}/deliveries`);
    await hurry();
    expect(receiver.at(hook.path)).toHaveLength(11);
    await remove(hook);
  });

  it('gives up on a delivery of days ago at its next failure, however often it was tried', async () => {
    const hook = await listen('terms.published');
    receiver.answers.set(hook.path, { status: 500 });
    await test(hook);
    await drain();
    await app.owner.query(
      `update partner_program.webhook_delivery set queued_at = queued_at - interval '5 days' where endpoint_id = $1`,
      [hook.id],
    );
    await hurry();
    expect(await deliveriesTo(hook)).toMatchObject([{ status: 'failed', attempts: 2 }]);
    expect(await stateOf(hook)).toMatchObject({ active: false, disabledReason: 'failing' });
    await remove(hook);
  });

  it('[Q12] can be enabled again on its page, and told everything that failed', async () => {
    const hook = await listen('terms.published');
    receiver.answers.set(hook.path, { status: 410 });
    await test(hook);
    await test(hook);
    await drain();
    expect(await stateOf(hook)).toMatchObject({ active: false, disabledReason: 'gone' });
    await test(hook, 409);
    await office.admin.post(`${HOOKS}/${hook.id}/replay`).expect(409);
    const page = await office.admin.get(`${HOOKS}/${hook.id}/deliveries`).set('accept', 'text/html').expect(200);
    expect(page.text).toContain('<input type="hidden" name="active" value="true">');
    const form = office.admin.post(`${HOOKS}/${hook.id}?_method=PATCH`).set('accept', 'text/html').type('form');
    await form.send({ active: 'true' }).expect(303);
    expect(await stateOf(hook)).toMatchObject({ active: true, disabledAt: null, disabledReason: null });
    receiver.answers.delete(hook.path);
    const { body } = await office.admin.post(`${HOOKS}/${hook.id}/replay`).expect(200);
    expect(body).toEqual({ deliveries: 2 });
    await drain();
    expect((await deliveriesTo(hook)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    await remove(hook);
  });

  it('tells an endpoint nothing that was switched off while the event was told', async () => {
    const hook = await listen('terms.published');
    await app.db.transaction(async (tx) => {
      await app.nest.get(WebhookReports, { strict: false }).report(tx, 'terms.published', new Date(), { number: 1 });
      await office.admin.patch(`${HOOKS}/${hook.id}`).send({ active: false }).expect(200);
    });
    await drain();
    expect(receiver.at(hook.path)).toEqual([]);
    expect(await deliveriesTo(hook)).toMatchObject([{ status: 'failed', attempts: 0, lastAttempts: [] }]);
    await office.admin.patch(`${HOOKS}/${hook.id}`).send({ active: true }).expect(200);
    await office.admin.post(`${HOOKS}/${hook.id}/replay`).expect(200);
    await drain();
    expect(await deliveriesTo(hook)).toMatchObject([{ status: 'delivered', attempts: 1 }]);
    await remove(hook);
  });

  it('writes down what came of an attempt during which the endpoint was switched off, and makes no other', async () => {
    const hook = await listen('terms.published');
    receiver.silent.set(hook.path, []);
    await test(hook);
    const working = drain();
    await eventually(() => expect(receiver.at(hook.path)).toHaveLength(1));
    await office.admin.patch(`${HOOKS}/${hook.id}`).send({ active: false }).expect(200);
    expect(await deliveriesTo(hook)).toMatchObject([{ status: 'failed', attempts: 0 }]);
    receiver.release(hook.path, 500);
    await working;
    expect(await deliveriesTo(hook)).toMatchObject([{ status: 'failed', attempts: 1, nextAttemptAt: null }]);
    await remove(hook);
  });

  it('tells again at once what waited for its next attempt when the endpoint was switched off', async () => {
    const hook = await listen('terms.published');
    receiver.answers.set(hook.path, { status: 429, headers: { 'retry-after': '86400' } });
    await test(hook);
    await drain();
    for (const active of [false, true]) await office.admin.patch(`${HOOKS}/${hook.id}`).send({ active }).expect(200);
    expect(await deliveriesTo(hook)).toMatchObject([{ status: 'failed', attempts: 1, nextAttemptAt: null }]);
    receiver.answers.delete(hook.path);
    await office.admin.post(`${HOOKS}/${hook.id}/replay`).expect(200);
    await drain();
    expect(await deliveriesTo(hook)).toMatchObject([{ status: 'delivered', attempts: 2 }]);
    await remove(hook);
  });

  it('[F77] follows no redirect', async () => {
    const hook = await listen('terms.published');
    receiver.answers.set(hook.path, { status: 302, headers: { location: receiver.url('/elsewhere') } });
    await test(hook);
    await drain();
    expect(receiver.at('/elsewhere')).toEqual([]);
    expect(await deliveriesTo(hook)).toMatchObject([{ status: 'waiting', lastAttempts: [{ responseStatus: 302 }] }]);
    await remove(hook);
  });
});

describe('the secret', () => {
  it('[F60] is shown once and stands in no list, log or audit record', async () => {
    const hook = await listen('terms.published');
    const { text } = await office.admin.get(HOOKS).expect(200);
    expect(text).not.toContain('whsec_');
    const { text: audit } = await office.admin.get(`/partner-program/audit?objectId=${hook.id}`).expect(200);
    expect(audit).toContain('webhook.added');
    expect(audit).not.toContain('whsec_');
    await remove(hook);
    const [row] = await app.owner.query<{ secret: null }[]>(
      'select secret from partner_program.webhook_endpoint where id = $1',
      [hook.id],
    );
    expect(row).toEqual({ secret: null });
  });

  it('[Q12] is shown by a form without JavaScript too, as the answer itself', async () => {
    const page = await office.admin
      .post(HOOKS)
      .set('accept', 'text/html')
      .type('form')
      .send({ url: receiver.url('/form'), 'events[1]': 'withdrawal.paid' })
      .expect(201);
    expect(page.text).toMatch(/value="whsec_/);
    expect(page.headers['cache-control']).toContain('no-store');
  });
});

it('[F42] tells the audit log everything that people and the program do to it', async () => {
  const hook = await listen('terms.published');
  const admin = (await audited(hook))[0]!.actor;
  await test(hook);
  await drain();
  const [delivery] = await deliveriesTo(hook);
  await replay(hook, delivery!).expect(204);
  receiver.answers.set(hook.path, { status: 410 });
  await drain();
  await office.admin.patch(`${HOOKS}/${hook.id}`).send({ active: true }).expect(200);
  await office.admin.post(`${HOOKS}/${hook.id}/replay`).expect(200);
  await office.admin.post(`${HOOKS}/${hook.id}/secret`).expect(201);
  await office.admin.patch(`${HOOKS}/${hook.id}`).send({ active: false }).expect(200);
  await remove(hook);
  expect(await audited(hook)).toMatchObject([
    { action: 'webhook.added', actor: admin },
    { action: 'webhook.tested', actor: admin },
    { action: 'webhook.replayed', actor: admin, after: { eventId: delivery!.eventId } },
    { action: 'webhook.changed', actor: 'program', after: { active: false, disabledReason: 'gone' } },
    { action: 'webhook.changed', actor: admin, after: { active: true } },
    { action: 'webhook.replayed', actor: admin, after: { deliveries: 1 } },
    { action: 'webhook.rotated', actor: admin },
    { action: 'webhook.changed', actor: admin, after: { active: false } },
    { action: 'webhook.removed', actor: admin },
  ]);
});

describe('many endpoints', () => {
  it('[F14] do not wait for one that never answers, however much is due for it', async () => {
    const dead = await listen('terms.published');
    receiver.silent.set(dead.path, []);
    for (let count = 0; count < 50; count++) await test(dead);
    const working = drain();
    await eventually(() => expect(receiver.at(dead.path).length).toBeGreaterThanOrEqual(4));
    const alive = await listen('terms.published');
    for (let count = 0; count < 5; count++) await test(alive);
    await eventually(() => expect(receiver.at(alive.path)).toHaveLength(5));
    expect(receiver.silent.get(dead.path)!.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(4);
    expect(receiver.at(dead.path).length).toBeLessThan(50);
    receiver.release(dead.path);
    await working;
    expect(receiver.at(dead.path)).toHaveLength(50);
    await remove(dead);
    await remove(alive);
  });

  it('[F14] are told by a worker of its own beside mails', async () => {
    const busy = await bootApp({ privateWebhooks: true });
    try {
      const desk = await Office.open(busy);
      const { body } = await desk.admin
        .post(HOOKS)
        .send({ url: receiver.url('/busy'), events: ['partner.joined'] })
        .expect(201);
      await desk.member();
      await eventually(() => {
        expect(receiver.at('/busy').map((heard) => verified((body as Endpoint).secret, heard).type)).toEqual([
          'partner.joined',
        ]);
        return Promise.resolve();
      });
    } finally {
      await busy.close();
    }
  });
});
