import { strFromU8, unzipSync } from 'fflate';
import { LedgerService } from '../../../../modules/ledger/ledger.service';
import { available, move, program } from '../../../../modules/ledger/posting';
import { type Agent, bootApp, type TestApp } from '../../../support/app';
import { textsOf } from '../../../support/pdf';
import { Office } from '../../../support/program';
import { anAccount, loggedIn } from '../../people/accounts/account-builder';

let app: TestApp;
let office: Office;
beforeAll(async () => {
  app = await bootApp();
  office = await Office.open(app);
  await office.levels(1000, 500);
});
afterAll(() => app.close());

async function archiveOf(agent: Agent, language = 'en'): Promise<Record<string, Uint8Array>> {
  const { body, headers } = await agent
    .get('/partner-program/profile/export')
    .set('accept-language', language)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
    })
    .expect(200);
  expect(headers).toMatchObject({ 'content-type': 'application/zip', 'cache-control': 'no-store' });
  return unzipSync(body as Buffer);
}
const json = <T = Record<string, unknown>[]>(archive: Record<string, Uint8Array>, name: string) =>
  JSON.parse(strFromU8(archive[`${name}.json`]!)) as T;

describe('[S14] the export of the own data', () => {
  it('holds everything that is stored about a partner, and nobody else’s name or id', async () => {
    const boss = await office.member(undefined, { firstName: 'Aniela', lastName: 'Nadrzędna' });
    const me = await office.member(boss, { phone: '+48 600 100 200' });
    const below = await office.member(me, { firstName: 'Bożena', lastName: 'Podwładna' });
    const account = `/partner-program/partners/${me.partnerId}`;
    await office.admin.post(`${account}/suspension`).send({ reason: 'Under inquiry' }).expect(201);
    await office.admin.delete(`${account}/suspension`).expect(204);
    const aside = await office.member(undefined, { firstName: 'Aniela', lastName: 'Nadrzędna' });
    const move = { sponsorId: aside.partnerId, reason: 'Aniela Nadrzędna asked for it' };
    await office.admin.post(`${account}/placements`).send(move).expect(201);
    const wishes = [{ kind: 'commission', email: false, portal: true }];
    await me.agent.put('/partner-program/notifications/preferences').send({ data: wishes }).expect(200);
    await office.status(await office.contract(below, 1000_00), 'signed');
    await office.settled();
    const guest = { firstName: 'Ola', lastName: 'Gość', email: 'ola@export.example', subject: 'Hej', body: '{{link}}' };
    await me.agent.post('/partner-program/invitations').send(guest).expect(201);
    const iban = 'PL61109010140000071219812874';
    await me.agent
      .put('/partner-program/payout-account')
      .send({ kind: 'iban', value: iban, holder: 'Jan' })
      .expect(200);
    await me.agent.post('/partner-program/withdrawals').send({ amountMinor: 20_00, currency: 'PLN' }).expect(201);

    const archive = await archiveOf(me.agent);
    expect(Object.keys(archive).toSorted()).toEqual(
      [
        ...['acceptances', 'commissions', 'entries', 'history', 'invitations', 'notifications', 'payout-account'],
        ...['placements', 'preferences', 'profile', 'ranks', 'sessions', 'suspensions', 'wallets', 'withdrawals'],
      ]
        .map((name) => `${name}.json`)
        .concat('README.txt', 'statement.csv', 'statement.pdf', 'terms-1-receipt.pdf')
        .toSorted(),
    );
    expect(json<object>(archive, 'profile')).toMatchObject({ id: me.partnerId, email: me.email, userId: me.id });
    expect(json(archive, 'commissions')).toMatchObject([{ level: 1, amountMinor: 50_00, reason: 'PAID' }]);
    expect(json(archive, 'withdrawals')).toMatchObject([{ amountMinor: 20_00, status: 'pending' }]);
    expect(json(archive, 'wallets')).toMatchObject([{ availableMinor: 30_00, heldMinor: 20_00 }]);
    expect(json(archive, 'invitations')).toMatchObject([{ email: guest.email }]);
    expect(json(archive, 'acceptances')).toMatchObject([{ number: 1, title: 'Regulamin' }]);
    expect(json(archive, 'placements')).toMatchObject([{ atTop: false }, { atTop: false, to: null }]);
    expect(json(archive, 'history')).toEqual([
      expect.objectContaining({ action: 'partner.suspended', byMe: false, ip: null, reason: 'Under inquiry' }),
      expect.objectContaining({ action: 'partner.reinstated', byMe: false }),
      expect.objectContaining({ action: 'partner.moved', byMe: false, reason: null }),
      expect.objectContaining({ action: 'payoutAccount.changed', byMe: true, ip: '127.0.0.1' }),
      expect.objectContaining({ action: 'withdrawal.requested', byMe: true }),
    ]);
    expect(json(archive, 'notifications')).toEqual([
      expect.objectContaining({ kind: 'newPartner', about: null, shown: true, seen: false }),
    ]);
    expect(json(archive, 'preferences')).toContainEqual({ kind: 'commission', email: false, portal: true });
    expect(json<object>(archive, 'payout-account')).not.toMatchObject({ value: iban });
    expect(textsOf(Buffer.from(archive['statement.pdf']!)).join(' ')).toContain(me.email);

    const everything = Object.values(archive)
      .map((file) => Buffer.from(file).toString('utf8'))
      .join('\n');
    for (const { partnerId, email } of [boss, aside, below]) {
      for (const foreign of [partnerId, email]) expect(everything).not.toContain(foreign);
    }
    for (const name of ['Nadrzędna', 'Podwładna', 'Aniela', 'Bożena']) expect(everything).not.toContain(name);
  });

  it('[F76] is read batch by batch: every entry of a long history once, in its order', async () => {
    const me = await office.member();
    const postings = Array.from({ length: 1_234 }, (_, index) => ({
      key: `export-test:${index}`,
      kind: 'adjustment' as const,
      occurredAt: new Date(),
      postedBy: 'program',
      reason: 'One of a long history',
      moves: [move(program('adjustments'), available(me.partnerId), { amountMinor: index + 1, currency: 'PLN' })],
    }));
    await app.db.transaction((tx) => app.nest.get(LedgerService).post(tx, ...postings));
    const amounts = json(await archiveOf(me.agent), 'entries').map(({ amountMinor }) => amountMinor);
    expect(amounts.toSorted((a, b) => Number(a) - Number(b))).toEqual(postings.map((_, index) => index + 1));
  });

  it('is for the suspended and the unconfirmed too, in their language, and shows the sessions of a login here', async () => {
    const member = await office.member();
    const suspension = `/partner-program/partners/${member.partnerId}/suspension`;
    await office.admin.post(suspension).send({ reason: 'Suspicion of fraud' }).expect(201);
    const archive = await archiveOf(member.agent, 'pl');
    expect(strFromU8(archive['README.txt']!)).toContain('To są Twoje dane w programie partnerskim.');
    expect(json(archive, 'suspensions')).toMatchObject([{ reason: 'Suspicion of fraud', to: null }]);

    const own = await archiveOf(await loggedIn(app, await anAccount(app, { emailConfirmed: false })));
    expect(json(own, 'sessions')).toMatchObject([{ ip: expect.stringContaining('127.0.0.1') as string }]);
    expect(json(own, 'entries')).toEqual([]);
    await app.anonymous().get('/partner-program/profile/export').expect(401);
  });
});
