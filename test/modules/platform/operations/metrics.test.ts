import { Logger } from '@nestjs/common';
import { LedgerService } from '../../../../modules/ledger/ledger.service';
import { available, move, program } from '../../../../modules/ledger/posting';
import { JobsService } from '../../../../modules/platform/jobs/jobs.service';
import { bootApp, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { Office, type Member } from '../../../support/program';

const TOKEN = 'a token for the metrics';

let app: TestApp;
let office: Office;
let seller: Member;

beforeAll(async () => {
  app = await bootApp({ metricsToken: TOKEN });
  office = await Office.open(app);
  await office.levels(1000);
  seller = await office.member();
});
afterAll(() => app.close());

const ask = (authorization?: string, of = app) => {
  const call = of.anonymous().get('/partner-program/metrics');
  return authorization === undefined ? call : call.set('Authorization', authorization);
};

/** Values by name and labels, as `name{label="value"}`. */
async function read(of = app): Promise<Map<string, number>> {
  const { text } = await ask(`Bearer ${TOKEN}`, of).expect(200);
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

describe('[F84] the metrics', () => {
  it('are for holders of the token only, and absent where there is none', async () => {
    for (const wrong of [undefined, '', TOKEN, 'Bearer ', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`]) {
      expect((await ask(wrong)).status).toBe(401);
    }
    await office.admin.get('/partner-program/metrics').expect(401);
    const right = await ask(`Bearer ${TOKEN}`).expect(200);
    expect(right.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    const without = await bootApp();
    await without.anonymous().get('/partner-program/metrics').set('Authorization', 'Bearer undefined').expect(404);
    await without.close();
  });

  it('count what was posted when it is committed, and never what was rolled back', async () => {
    const before = await read();
    const grown = async (name: string) => ((await read()).get(name) ?? 0) - (before.get(name) ?? 0);
    const id = await office.contract(seller, 100_00);
    await office.status(id, 'signed');
    await office.settled();
    expect(await grown('partner_program_ledger_transactions_total{kind="commission"}')).toBe(1);
    expect(await grown('partner_program_ledger_posted_minor_total{kind="commission",currency="PLN"}')).toBe(10_00);
    const undone = app.db.transaction(async (tx) => {
      await app.nest.get(LedgerService).post(tx, {
        key: 'adjustment:undone',
        kind: 'adjustment',
        occurredAt: new Date(),
        postedBy: 'program',
        reason: 'It is rolled back',
        moves: [move(program('adjustments'), available(seller.partnerId), { amountMinor: 1, currency: 'PLN' })],
      });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await grown('partner_program_ledger_transactions_total{kind="adjustment"}')).toBe(0);
    expect((await read()).get('partner_program_job_batch_size_count{kind="contract"}')).toBeGreaterThan(0);
  });

  it('tell routes by their pattern, problems by their code, and no address and no person', async () => {
    await seller.agent.get(`/partner-program/partners/${seller.partnerId}/wallets`).expect(200);
    await office.admin.get('/partner-program/no/such/place?email=somebody@example.com').expect(404);
    const metrics = await read();
    const route = 'method="GET",route="/partner-program/partners/:id/wallets",status="200"';
    expect(metrics.get(`partner_program_http_request_duration_seconds_count{${route}}`)).toBeGreaterThan(0);
    expect(metrics.get('partner_program_refusals_total{code="NOT_FOUND"}')).toBeGreaterThan(0);
    expect(metrics.get('partner_program_refusals_total{code="UNAUTHENTICATED"}')).toBeGreaterThan(0);
    const { text } = await ask(`Bearer ${TOKEN}`);
    for (const secret of [seller.partnerId, seller.id, 'example.com', '@', TOKEN]) expect(text).not.toContain(secret);
    expect(metrics.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('count the attempts at jobs that failed', async () => {
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    app.nest.get(JobsService).register({
      kind: 'hopeless',
      batchSize: 1,
      run: () => Promise.reject(new TypeError('hopeless')),
    });
    await app.nest.get(JobsService).add(app.db.manager, { key: 'hopeless', kind: 'hopeless', payload: {} });
    await eventually(async () => {
      expect((await read()).get('partner_program_job_failures_total{kind="hopeless"}')).toBe(1);
    });
    errors.mockRestore();
  });

  it('tell how the jobs of every kind stand, and that the database does not answer', async () => {
    const lazy = await bootApp({ metricsToken: TOKEN, worker: false });
    await lazy.owner.query(
      `insert into partner_program.job (key, kind, payload, status, due_at, finished_at) values
       ('due', 'mail', '{}', 'waiting', now() - interval '10 minutes', null),
       ('later', 'mail', '{}', 'waiting', now() + interval '10 minutes', null),
       ('dead', 'mail', '{}', 'dead', now(), now()), ('done', 'mail', '{}', 'done', now(), now())`,
    );
    let metrics = await read(lazy);
    const mails = (state: string) => metrics.get(`partner_program_jobs{kind="mail",state="${state}"}`);
    expect(['due', 'scheduled', 'dead'].map(mails)).toEqual([1, 1, 1]);
    expect(metrics.get('partner_program_jobs{kind="contract",state="due"}')).toBe(0);
    expect(metrics.get('partner_program_jobs_oldest_due_seconds{kind="mail"}')).toBeGreaterThanOrEqual(600);
    expect(metrics.get('partner_program_jobs_oldest_due_seconds{kind="contract"}')).toBe(0);
    expect(metrics.get('partner_program_database_up')).toBe(1);

    const warnings = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const away = jest.spyOn(lazy.db.manager, 'query').mockRejectedValue(new Error('Connection terminated'));
    metrics = await read(lazy);
    away.mockRestore();
    warnings.mockRestore();
    expect(metrics.get('partner_program_database_up')).toBe(0);
    expect(mails('due')).toBeUndefined();
    await lazy.close();
  });
});
