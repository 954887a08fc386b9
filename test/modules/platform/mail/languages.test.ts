import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readTexts } from '../../../../modules/platform/web/pages/template-files';
import { bootApp, type SentMail, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { type Member, Office, PDF } from '../../../support/program';
import { anAccount, linkTo, loggedIn, PASSWORD } from '../../people/accounts/account-builder';

type Texts = Readonly<Record<string, string>>;

/** Has the subject of `webhookGone`, which the same code writes. */
const SAME_SUBJECT = 'mail.webhookFailing';

/** The kinds of mails by how their subjects begin and end: everything in braces is the mail's own. */
function kindsOf(texts: Texts): [kind: string, subject: RegExp][] {
  return Object.entries(texts)
    .filter(([key]) => /^mail\.\w+\.subject$|^notify\.(newPartner|terms|withdrawalPaid|withdrawalRejected)$/.test(key))
    .filter(([key]) => key !== `${SAME_SUBJECT}.subject`)
    .map(([key, text]) => {
      const words = text.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return [key.replace('.subject', ''), new RegExp(`^${words.join('.+')}$`)];
    });
}

describe.each(['en', 'pt-BR'])('[Q11] in a program that speaks %s', (locale) => {
  const kinds = kindsOf(readTexts(locale));
  const kindOf = ({ subject }: Pick<SentMail, 'subject'>) => kinds.find(([, form]) => form.test(subject))?.[0];
  let app: TestApp;
  let office: Office;
  let gone: Server;

  beforeAll(async () => {
    gone = createServer((_, response) => response.writeHead(410).end()).listen(0, '127.0.0.1');
    app = await bootApp({ privateWebhooks: true });
    office = await Office.open(app);
    await office.admin.put('/partner-program/settings').send({ locale }).expect(200);
  });
  afterAll(async () => {
    await app.close();
    gone.close();
  });

  it('whoever has named no language is written to in that one, whatever the mail is about', async () => {
    const member = await aFamily();
    const leaver = await office.member();
    await leaver.agent.post('/partner-program/profile/leaving').send({}).expect(201);
    await money(member);
    await referrals(member);
    await strangers();
    await oneAccount();
    await aDeadReceiver();
    await office.admin
      .post('/partner-program/terms')
      .field('title', 'Regulamin 2')
      .attach('file', PDF, { filename: 'regulamin.pdf', contentType: 'application/pdf' })
      .expect(201)
      .then(({ body }) =>
        office.admin.post(`/partner-program/terms/${(body as { versionId: string }).versionId}/publication`),
      );

    await eventually(async () => {
      const seen = new Set((await app.mails()).map(kindOf));
      expect(kinds.map(([kind]) => kind).filter((kind) => !seen.has(kind))).toEqual([]);
    });
    const foreign = (await app.mails()).filter((mail) => kindOf(mail) === undefined);
    expect(foreign.map(({ subject }) => subject)).toEqual([]);
  });

  /** reminder, supervisorJoined, joinInvitation, joinAllowed, newPartner */
  async function aFamily(): Promise<Member> {
    const boss = await office.user();
    const below = await office.user({ supervisorId: boss.id });
    await below.agent.post('/partner-program/membership/reminders').send({}).expect(202);
    const { body } = await office.join(boss).expect(201);
    await eventually(async () => expect((await app.mails()).map(kindOf)).toContain('mail.supervisorJoined')); // who has joined meanwhile needs none
    await boss.agent.post(`/partner-program/membership/subordinates/${below.id}/invitation`).send({}).expect(202);
    const mayNot = await office.user({ permissions: [] });
    const stuck = await office.user({ supervisorId: mayNot.id });
    const leave = { userId: stuck.id, reason: 'The boss may not take part' };
    await office.admin.post('/partner-program/membership/exceptions').send(leave).expect(201);
    await eventually(async () => expect((await app.mails()).map(kindOf)).toContain('mail.joinInvitation'));
    await office.join(below).expect(201);
    return { ...boss, partnerId: (body as { partner: { id: string } }).partner.id };
  }

  /** walletAdjusted, payoutAccountGiven, payoutAccountChanged, withdrawalRequested, withdrawalToSettle, paid, rejected */
  async function money({ partnerId, agent }: Member): Promise<void> {
    const adjustment = { amountMinor: 100_00, currency: 'PLN', reason: 'to have something' };
    await office.admin.post(`/partner-program/partners/${partnerId}/adjustments`).send(adjustment).expect(201);
    for (const value of ['PL61 1090 1014 0000 0712 1981 2874', 'DE89 3704 0044 0532 0130 00']) {
      await agent.put('/partner-program/payout-account').send({ kind: 'iban', value, holder: 'Jan Kos' }).expect(200);
    }
    for (const outcome of ['payout', 'rejection']) {
      const ask = { amountMinor: 20_00, currency: 'PLN' };
      const { body } = await agent.post('/partner-program/withdrawals').send(ask).expect(201);
      const { id } = body as { id: string };
      await eventually(async () => {
        const asked = (await app.mails()).filter((mail) => kindOf(mail) === 'mail.withdrawalToSettle');
        expect(asked).toHaveLength(outcome === 'payout' ? 1 : 2);
      });
      const reason = outcome === 'rejection' ? { reason: 'not today' } : {};
      await office.admin.post(`/partner-program/withdrawals/${id}/${outcome}`).send(reason).expect(201);
    }
  }

  /** clientLinkToReview, clientLinkApproved, clientLinkEnded, clientLinkRejected */
  async function referrals({ agent }: Member): Promise<void> {
    const links = '/partner-program/client-links';
    const [first, second] = [
      await agent.post(links).send({ name: 'Klient', phone: '600 100 200' }).expect(201),
      await agent.post(links).send({ name: 'Klient', phone: '600 100 300' }).expect(201),
    ].map(({ body }) => (body as { id: string }).id);
    await eventually(async () => {
      const asked = (await app.mails()).filter((mail) => kindOf(mail) === 'mail.clientLinkToReview');
      expect(asked).toHaveLength(2);
    });
    const client = await office.admin.post('/crm/clients').send({ name: 'Klient' }).expect(201);
    const clientId = (client.body as { id: string }).id;
    await office.admin.post(`${links}/${first}/approval`).send({ clientId }).expect(201);
    await office.admin.post(`${links}/${first}/ending`).send({ reason: 'not today' }).expect(201);
    await office.admin.post(`${links}/${second}/rejection`).send({ reason: 'not today' }).expect(201);
  }

  /** awaitingApproval, confirmEmail, alreadyRegistered, approved */
  async function strangers(): Promise<void> {
    const stranger = {
      email: 'bruno@poczta.example',
      firstName: 'Bruno',
      lastName: 'Wolny',
      password: 'zielona łąka o świcie',
      termsVersionId: office.termsVersionId,
    };
    const { body } = await app.anonymous().post('/partner-program/registrations').send(stranger).expect(201);
    const { id } = (body as { partner: { id: string } }).partner;
    await forgetLanguage(id);
    await app.anonymous().post('/partner-program/registrations').send(stranger).expect(409);
    await office.admin.post(`/partner-program/partners/${id}/approval`).expect(201);
  }

  /** resetPassword, passwordChanged, changeEmailOld, changeEmailNew */
  async function oneAccount(): Promise<void> {
    const account = await anAccount(app, { email: `lucja.${locale.toLowerCase()}@firma.example` });
    await forgetLanguage(account.partnerId);
    await app.anonymous().post('/partner-program/password-resets').send({ email: account.email }).expect(202);
    const { path } = await linkTo(app, account.email);
    await app.anonymous().post(path).send({ password: PASSWORD }).expect(204);
    const agent = await loggedIn(app, account);
    const change = { email: `nowa.${account.email}`, password: PASSWORD };
    await agent.post('/partner-program/email-changes').send(change).expect(202);
  }

  /** webhookGone */
  async function aDeadReceiver(): Promise<void> {
    const url = `http://127.0.0.1:${(gone.address() as AddressInfo).port}/`;
    const hook = { url, events: ['terms.published'] };
    await office.admin.post('/partner-program/settings/webhooks').send(hook).expect(201);
  }

  async function forgetLanguage(partnerId: string): Promise<void> {
    await app.owner.query('update partner_program.partner set locale = null where id = $1', [partnerId]);
  }
});
