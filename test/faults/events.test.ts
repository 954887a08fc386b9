import fc from 'fast-check';
import { PartnerProgram, type ContractChange } from '../../modules';
import { JobWorker } from '../../modules/platform/jobs/worker.service';
import { bootApp, type TestApp } from '../support/app';
import { freshDatabase, type FreshDatabase } from '../support/database';
import { expectIntegrity } from '../support/oracle';
import { Office, type Member } from '../support/program';

let database: FreshDatabase;
let app: TestApp;
let other: TestApp;
let office: Office;
let director: Member;
let seller: Member;
let count = 0;

beforeAll(async () => {
  database = await freshDatabase();
  app = await bootApp({ database, worker: false });
  other = await bootApp({ database, worker: false });
  office = await Office.open(app);
  await office.levels(1000, 500);
  director = await office.member();
  seller = await office.member(director);
});
afterAll(async () => {
  await other.close();
  await app.close();
  await database.drop();
});

type Step = Pick<ContractChange, 'status' | 'valueMinor' | 'refundBps'>;

/** The told life of a new contract: one change a millisecond, versions from 1. */
function history(steps: readonly Step[]): ContractChange[] {
  const id = `told-${++count}`;
  const start = Date.now() - steps.length;
  return steps.map((step, index) => ({
    id,
    number: id,
    version: index + 1,
    sellerId: seller.id,
    clientId: null,
    currency: 'PLN',
    product: null,
    occurredAt: new Date(start + index),
    ...step,
  }));
}

const tell = (change: ContractChange, to = app) =>
  to.db.transaction((tx) => to.nest.get(PartnerProgram).contractChanged(tx, change));

const drain = (of = app) => of.nest.get(JobWorker).drain();

/** What a contract has brought each partner in all, in the order of the levels. */
async function balances(contractId: string): Promise<number[]> {
  const rows = await app.owner.query<{ minor: number }[]>(
    `select sum(e.amount_minor)::int as minor from partner_program.entry e
       join partner_program.account a on a.id = e.account_id
      where e.contract_id = $1 and a.holder_kind = 'partner' group by a.holder_id, e.level order by e.level`,
    [contractId],
  );
  return rows.map(({ minor }) => minor).filter((minor) => minor !== 0);
}

const postingsOf = (contractId: string): Promise<unknown[]> =>
  app.owner.query(`select t.kind from partner_program.transaction t where t.key like $1 order by t.id`, [
    `contract:${contractId}:%`,
  ]);

const signed = (valueMinor: number): Step => ({ status: 'signed', valueMinor, refundBps: null });
const cancelled = (valueMinor: number, refundBps: number | null = null): Step => ({
  status: 'cancelled',
  valueMinor,
  refundBps,
});

describe('told changes', () => {
  it('[F25] [P12] pay once when two hundred tell the same at once, to two processes, with both workers at it', async () => {
    const [change] = history([signed(100_00)]);
    const told = Array.from({ length: 200 }, (_, index) => tell(change!, index % 2 ? app : other));
    const working = Promise.all([drain(app), drain(other)]);
    await Promise.all(told);
    await working;
    await Promise.all([drain(app), drain(other)]);
    expect(await postingsOf(change!.id)).toEqual([{ kind: 'commission' }]);
    expect(await balances(change!.id)).toEqual([10_00, 5_00]);
  });

  it('[F27] [P12] pay once per signing and give back once per cancelling, however often that goes on', async () => {
    const turns = 12;
    const changes = history(
      Array.from({ length: turns }, (_, index) => (index % 2 ? cancelled(100_00) : signed(100_00))),
    );
    for (const [index, change] of changes.entries()) {
      await tell(change);
      if (index % 3 === 0) await drain();
    }
    await drain();
    const kinds = Array.from({ length: turns }, (_, index) => ({ kind: index % 2 ? 'reversal' : 'commission' }));
    expect(await postingsOf(changes[0]!.id)).toEqual(kinds);
    expect(await balances(changes[0]!.id)).toEqual([]);
  });

  it('[F32] [Q4] reverse once when two workers are told the same reversal at once', async () => {
    const changes = history([signed(100_00), cancelled(100_00, 2_500), cancelled(100_00, 2_500)]);
    await tell(changes[0]!);
    await drain();
    for (let times = 0; times < 10; times++)
      await Promise.all(changes.map((change) => tell(change, times % 2 ? app : other)));
    await Promise.all([drain(app), drain(other), drain(app), drain(other)]);
    expect(await postingsOf(changes[0]!.id)).toHaveLength(3);
    expect(await balances(changes[0]!.id)).toEqual([5_00, 2_50]);
  });

  it('[F26] [D5] lead to the same balances in whatever order and however often they are told', async () => {
    const step = fc.record<Step>({
      status: fc.constantFrom('draft', 'signed', 'signed', 'cancelled', 'refunded'),
      valueMinor: fc.constantFrom(0, 1, 33_33, 100_00, 99_999_99),
      refundBps: fc.constantFrom(null, null, 1, 3_333, 10_000),
    });
    const told = fc.array(step, { minLength: 2, maxLength: 7 }).chain((steps) =>
      fc.record({
        steps: fc.constant(steps),
        order: fc.array(fc.nat(steps.length - 1), { maxLength: 12 }),
        pauses: fc.infiniteStream(fc.boolean()),
      }),
    );
    await fc.assert(
      fc.asyncProperty(told, async ({ steps, order, pauses }) => {
        const inOrder = history(steps);
        for (const change of inOrder) await tell(change);
        await drain();
        const shuffled = history(steps).map((change, index) => ({ ...change, occurredAt: inOrder[index]!.occurredAt }));
        const rest = [...shuffled.keys()].filter((index) => !order.includes(index));
        for (const index of [...order, ...rest]) {
          await tell(shuffled[index]!);
          if (pauses.next().value) await drain();
        }
        await drain();
        expect(await balances(shuffled[0]!.id)).toEqual(await balances(inOrder[0]!.id));
      }),
      { numRuns: 40 },
    );
    await expectIntegrity(app.owner);
  }, 180_000);
});
