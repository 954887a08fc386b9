import { anAccount, loggedIn } from '../modules/people/accounts/account-builder';
import type { Agent, TestApp } from '../support/app';
import { Office, type Member } from '../support/program';

/** Everybody who may come to a route, each once; `self` is the partner that the addresses are about. */
export interface People {
  readonly anonymous: Agent;
  /** A CRM user without any permission, and one who could join but has not. */
  readonly stranger: Agent;
  readonly candidate: Agent;
  readonly self: Agent;
  /** Directly above and below `self`, and in another tree. */
  readonly upline: Agent;
  readonly downline: Agent;
  readonly other: Agent;
  readonly suspended: Agent;
  /** Partners without a CRM account: confirmed, address not confirmed, not approved yet. */
  readonly external: Agent;
  readonly unconfirmed: Agent;
  readonly waiting: Agent;
  /** CRM users with one permission each, who are no partners. */
  readonly viewer: Agent;
  readonly payer: Agent;
  readonly inviter: Agent;
  readonly configurer: Agent;
  /** Everything permitted, no partner. */
  readonly admin: Agent;
}
export type Who = keyof People;

export interface World {
  readonly app: TestApp;
  readonly office: Office;
  readonly people: People;
  readonly self: Member;
  readonly upline: Member;
  readonly downline: Member;
  readonly other: Member;
}

/** A small program with somebody of each kind in it. */
export async function peopledWorld(app: TestApp): Promise<World> {
  const office = await Office.open(app);
  const upline = await office.member();
  const self = await office.member(upline);
  const downline = await office.member(self);
  const other = await office.member();
  const suspended = await office.member();
  await office.admin
    .post(`/partner-program/partners/${suspended.partnerId}/suspension`)
    .send({ reason: 'Suspicion of fraud' })
    .expect(201);
  const holder = async (permission?: string): Promise<Agent> =>
    (await office.user({ permissions: permission ? [permission] : [] })).agent;
  const waiting = await anAccount(app);
  const people: People = {
    anonymous: app.anonymous(),
    stranger: await holder(),
    candidate: (await office.user()).agent,
    self: self.agent,
    upline: upline.agent,
    downline: downline.agent,
    other: other.agent,
    suspended: suspended.agent,
    external: await loggedIn(app, await anAccount(app)),
    unconfirmed: await loggedIn(app, await anAccount(app, { emailConfirmed: false })),
    waiting: await loggedIn(app, waiting),
    viewer: await holder('viewAllPartners'),
    payer: await holder('manageBalances'),
    inviter: await holder('inviteLevelZero'),
    configurer: await holder('configure'),
    admin: office.admin,
  };
  await app.owner.query(`update partner_program.partner set status = 'awaitingApproval' where id = $1`, [
    waiting.partnerId,
  ]);
  return { app, office, people, self, upline, downline, other };
}

/** What an answer is, in the shape in which a failing test is read best. */
export function codeOf({ body }: { body: unknown }): string | undefined {
  return (body as { code?: string } | undefined)?.code;
}
