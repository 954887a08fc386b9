import { DataSource } from 'typeorm';
import { AccountsService } from '../../../../modules/people/accounts/accounts.service';
import { PartnersService } from '../../../../modules/people/partners/partners.service';
import { ownForms, type Agent, type SentMail, type TestApp } from '../../../support/app';
import { eventually } from '../../../support/eventually';
import { quickHash } from '../../../support/quick-hash';

export const PASSWORD = 'trzy zielone papugi';
const PASSWORD_HASH = quickHash(PASSWORD);

let count = 0;

export interface Account {
  readonly partnerId: string;
  readonly email: string;
}

/** A partner without a CRM account, as registering makes one. */
export async function anAccount(
  app: TestApp,
  {
    email = `partner${++count}@firma.example`,
    emailConfirmed = true,
    passwordHash = PASSWORD_HASH,
    sponsorId = null,
  }: { email?: string; emailConfirmed?: boolean; passwordHash?: string; sponsorId?: string | null } = {},
): Promise<Account> {
  const accounts = app.nest.get(AccountsService);
  return app.nest.get(DataSource).transaction(async (tx) => {
    const newcomer = { userId: null, firstName: 'Łucja', lastName: 'Wrona', email, phone: null, locale: 'en' as const };
    const { id } = await app.nest.get(PartnersService).join(tx, { ...newcomer, sponsorId, emailConfirmed });
    await accounts.open(tx, { partnerId: id, passwordHash, emailConfirmed });
    return { partnerId: id, email };
  });
}

export function logIn(agent: Agent, email: string, password = PASSWORD) {
  return agent.post('/partner-program/sessions').send({ email, password });
}

/** Somebody who is logged in to the account. */
export async function loggedIn(app: TestApp, { email, partnerId }: Account, password = PASSWORD): Promise<Agent> {
  const agent = app.anonymous();
  await logIn(agent, email, password).expect(201);
  return ownForms(agent, `partner:${partnerId}`);
}

/** The mails to an address, once there are so many. */
export function mailsTo(app: TestApp, email: string, atLeast = 1): Promise<SentMail[]> {
  return eventually(async () => {
    const mails = (await app.mails()).filter(({ to }) => to === email);
    if (mails.length < atLeast) throw new Error(`${mails.length} mails to ${email}`);
    return mails;
  });
}

/** The link in the newest of so many mails, as path and secret. */
export async function linkTo(
  app: TestApp,
  email: string,
  atLeast = 1,
): Promise<{ url: string; path: string; secret: string }> {
  const url = /https?:\S+/.exec((await mailsTo(app, email, atLeast)).at(-1)!.text)![0];
  const path = new URL(url).pathname;
  return { url, path, secret: path.split('/').at(-1)! };
}

export const codeOf = ({ body }: { body: unknown }): string | undefined => (body as { code?: string }).code;
