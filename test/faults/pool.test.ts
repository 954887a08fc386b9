import type { QueryRunner } from 'typeorm';
import { readConfig } from '../../src/config';
import { bootApp, type TestApp } from '../support/app';
import { Office, type Member } from '../support/program';

const SIZE = 3;
/** What a request waits at most when nothing is set. */
const { pool } = readConfig({ SESSION_SECRET: 'a secret of thirty-two characters' });

let app: TestApp;
let seller: Member;

beforeAll(async () => {
  app = await bootApp({ worker: false, pool: { size: SIZE, waitMs: 300 } });
  app.nest.useLogger(false); // refuses on purpose
  seller = await (await Office.open(app)).member();
});
afterAll(() => app.close());

/** Takes every connection until the work is done, as slow queries do. */
async function exhausted(work: () => Promise<void>): Promise<void> {
  const holders: QueryRunner[] = [];
  for (let n = 0; n < SIZE; n++) {
    holders.push(app.db.createQueryRunner());
    await holders[n]!.query('select pg_backend_pid()');
  }
  try {
    await work();
  } finally {
    for (const holder of holders) await holder.release();
  }
}

describe('[F20] a pool whose connections are all taken', () => {
  it('makes nobody wait for more than two seconds', () => expect(pool.waitMs).toBeLessThanOrEqual(2_000));

  it('sends requests away with the time to come back, on both sides, and every one of many', async () => {
    await exhausted(async () => {
      const ask = () =>
        seller.agent.post('/partner-program/withdrawals').send({ amountMinor: 100_00, currency: 'PLN' });
      const replies = await Promise.all([ask(), ask(), ask(), seller.agent.get('/crm/contracts'), ask(), ask()]);
      for (const { status, headers } of replies) expect([status, headers['retry-after']]).toEqual([503, '5']);
      const page = await app.anonymous().post('/crm/sessions').send({ email: seller.email, password: 'x' });
      expect([page.status, page.body.code]).toEqual([503, 'UNAVAILABLE']);
    });
  });

  it('leaves the health readable: alive, and not ready', async () => {
    await exhausted(async () => {
      await app.anonymous().get('/partner-program/health/live').expect(200);
      const { body } = await app.anonymous().get('/partner-program/health/ready').expect(503);
      expect(body).toEqual({ status: 'unavailable', database: 'down' });
    });
  });

  it('answers again as soon as one is free', async () => {
    await exhausted(async () => undefined);
    await seller.agent.get('/crm/contracts').expect(200);
    await app.anonymous().get('/partner-program/health/ready').expect(200);
  });
});
