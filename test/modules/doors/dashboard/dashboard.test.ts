import { addDays, dayOf, startOfDay, startOfMonth } from '../../../../modules/kernel/day';
import { overviewOf } from '../../../../modules/doors/dashboard/dashboard.queries';
import { joinedSince } from '../../../../modules/people/partners/partner-list.queries';
import { bootApp, type TestApp } from '../../../support/app';
import { Office } from '../../../support/program';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
});
afterAll(() => app.close());

it('[P15] tells own earnings from those of the network, reversals taken off, for twelve months', async () => {
  await office.levels(1000, 500);
  const manager = await office.member();
  const seller = await office.member(manager);
  const dashboard = async () => (await manager.agent.get('/partner-program').expect(200)).body;
  expect(await dashboard()).toMatchObject({
    earnings: [],
    onboarding: { termsAccepted: true, emailConfirmed: true, payoutAccount: false, firstPartner: true },
  });

  await office.status(await office.contract(manager, 100_00), 'signed');
  await office.status(await office.contract(seller, 100_00), 'signed');
  const lost = await office.contract(seller, 40_00);
  await office.status(lost, 'signed');
  await office.settled();
  await office.status(lost, 'cancelled');
  await office.settled();

  const { earnings } = await dashboard();
  expect(earnings).toHaveLength(12);
  expect(earnings.at(-1)).toMatchObject({ currency: 'PLN', ownMinor: 10_00, networkMinor: 5_00 });
  expect(earnings.slice(0, -1).every(({ ownMinor }: { ownMinor: number }) => ownMinor === 0)).toBe(true);
});

/** The first days of the last so many months, the youngest first. */
function monthsBefore(day: string, count: number): string[] {
  const first = `${day.slice(0, 8)}01`;
  return count === 0 ? [] : [first, ...monthsBefore(addDays(first, -1), count - 1)];
}

it('[S1] [F16] counts the partners of the structure who are new in the month of the program', async () => {
  const top = await office.member();
  const first = await office.member(top);
  const below = await office.member(first);
  const network = async () => (await top.agent.get('/partner-program').expect(200)).body.network as object;
  expect(await network()).toEqual({ direct: 1, total: 2, newThisMonth: 2 });

  const since = startOfMonth(new Date(), 'Europe/Warsaw');
  const joined = (at: Date) =>
    app.owner.query(
      `with moved as (update partner_program.partner set joined_at = $2 where id = $1)
       update partner_program.partner_path set joined_at = $2 where partner_id = $1`,
      [below.partnerId, at],
    );
  await joined(since);
  expect(await network()).toMatchObject({ newThisMonth: 2 });
  await joined(new Date(since.getTime() - 1));
  expect(await network()).toEqual({ direct: 1, total: 2, newThisMonth: 1 });
  const all = { since: new Date(0), limit: 1 };
  expect(await joinedSince(app.db.manager, top.partnerId, all)).toBe(1);
});

describe('[P15] [F16] a month of earnings', () => {
  it.each(['Europe/Warsaw', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Pacific/Midway'])(
    'begins and ends where it does in %s, also with a day of 25 hours in it',
    async (timeZone) => {
      await office.levels(1000);
      const seller = await office.member();
      await office.status(await office.contract(seller, 100_00), 'signed');
      await office.settled();
      const firsts = monthsBefore(dayOf(new Date(), timeZone), 12).map((day) => startOfDay(day, timeZone)!);
      // Of each month the last moment before it, its first and one more, the n-th of all for n grosze.
      const moments = firsts.flatMap((first) => [-1, 0, 86_400_000].map((after) => new Date(first.getTime() + after)));
      const runner = app.owner.createQueryRunner();
      try {
        await runner.startTransaction();
        await runner.query('set local session_replication_role = replica');
        await runner.query(
          `insert into partner_program.entry
           select (jsonb_populate_record(e, jsonb_build_object(
                    'line', 100 + m.n, 'account_version', 100 + m.n, 'amount_minor', m.n, 'recorded_at', m.at))).*
             from partner_program.entry e join partner_program.account a on a.id = e.account_id
            cross join unnest($2::timestamptz[]) with ordinality as m (at, n)
            where a.holder_id = $1`,
          [seller.partnerId, moments],
        );
        const { earnings } = await overviewOf(runner.manager, seller.partnerId, timeZone);
        expect(earnings.map(({ month }) => month)).toEqual(firsts.toReversed());
        const sums = firsts.map((_, ago) => 3 * ago + 2 + (3 * ago + 3) + (ago > 0 ? 3 * (ago - 1) + 1 : 10_00));
        expect(earnings.map(({ ownMinor }) => ownMinor)).toEqual(sums.toReversed());
      } finally {
        await runner.rollbackTransaction();
        await runner.release();
      }
    },
  );
});

it('[P19] shows the contracts under way that changed last, with what they would pay', async () => {
  await office.levels(1000, 500);
  const boss = await office.member();
  const seller = await office.member(boss);
  const numbers: string[] = [];
  for (let value = 1; value <= 6; value++) {
    const number = `W/${value}`;
    numbers.push(number);
    await office.contract(seller, value * 100_00, { number });
  }
  const signed = await office.contract(seller, 900_00, { number: 'W/signed' });
  await office.status(signed, 'signed');
  await office.settled();
  const { body } = await boss.agent.get('/partner-program').expect(200);
  const { openContracts } = body as { openContracts: { number: string; level: number; amountMinor: number }[] };
  expect(openContracts.map(({ number }) => number)).toEqual(numbers.slice(1).reverse());
  expect(openContracts[0]).toMatchObject({ level: 1, amountMinor: 30_00, currency: 'PLN' });
  const page = await boss.agent.get('/partner-program').set('accept', 'text/html').expect(200);
  expect(page.text).toContain('Umowy w toku');
});
