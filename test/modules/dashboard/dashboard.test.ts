import { bootApp, type TestApp } from '../../support/app';
import { Office } from '../../support/program';

let app: TestApp;
beforeAll(async () => {
  app = await bootApp();
});
afterAll(() => app.close());

it('[P15] tells own earnings from those of the network, reversals taken off, for twelve months', async () => {
  const office = await Office.open(app);
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
