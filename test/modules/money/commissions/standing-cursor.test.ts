import { Host } from '../../../../modules/host';
import type { ContractChange } from '../../../../modules/host';
import { bootApp, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';

let app: TestApp;
beforeAll(async () => {
  app = await bootApp();
});
afterAll(() => app.close());

it('[F28] a host whose cursor stands still ends the run with an error that an administrator sees', async () => {
  const host = app.nest.get<Host>(Host, { strict: false });
  const now = new Date();
  let asked = 0;
  // A host of somebody else: its cursor is a time, and all of these changed within one second.
  host.contractsChangedSince = async (_cursor, limit) => {
    asked += 1;
    const changes = Array.from({ length: limit }, (_, index): ContractChange => ({
      id: `c${index}`,
      number: `${index}`,
      status: 'draft',
      version: 1,
      sellerId: null,
      clientId: null,
      valueMinor: 1,
      currency: 'PLN',
      product: null,
      occurredAt: now,
      refundBps: null,
    }));
    return { changes, cursor: '2026-03-01T10:00:00Z' };
  };
  await app.owner.query(`update partner_program.job set due_at = now() where key = 'recurring:reconcile'`);
  await eventually(async () => {
    const [job] = await app.owner.query<{ error: string | null }[]>(
      `select last_error as error from partner_program.job where key = 'recurring:reconcile'`,
    );
    expect(job!.error).toContain('the same cursor');
  });
  expect(asked).toBeLessThanOrEqual(4);
});
