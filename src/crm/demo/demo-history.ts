import { until, type Json } from './demo-client';
import { CLIENTS, CONTRACTS, OUTSIDERS, PAYOUTS, PEOPLE, PLANS, RANKS, REFERRALS, TODAY } from './demo-data';
import type { DemoChange, DemoContract } from './demo-data';
import type { DemoOffice } from './demo-office';
import { termsPdf } from './demo-terms';

/** Something that happened on a day; done twice, it has happened once. */
export interface Step {
  readonly day: number;
  readonly name: string;
  run(office: DemoOffice): Promise<void>;
}

const ACCOUNT = { kind: 'iban', value: 'PL61109010140000071219812874' };
const STATUS_ACTIONS = [
  { status: 'draft', action: 'none', forecastWeightBps: 3_000 },
  { status: 'sent', action: 'none', forecastWeightBps: 6_000 },
  { status: 'signed', action: 'accrue' },
  { status: 'cancelled', action: 'reverse' },
  { status: 'refunded', action: 'reverse' },
];

/** Fourteen months of a small company, in the order of its days. */
export function historyOf(password: string): Step[] {
  const steps: Step[] = [
    { day: 0, name: 'staff', run: (office) => addStaff(office, password) },
    { day: 0, name: 'program', run: beginProgram },
    ...PEOPLE.flatMap(({ email, joins }) =>
      joins === null ? [] : [{ day: joins, name: `joins ${email}`, run: (office: DemoOffice) => join(office, email) }],
    ),
    { day: 41, name: 'ranks', run: giveRanks },
    ...OUTSIDERS.map((person) => ({
      day: person.invited,
      name: `invites ${person.email}`,
      run: (office: DemoOffice) => bringIn(office, person, password),
    })),
    ...REFERRALS.map((referral) => ({
      day: referral.day,
      name: `refers ${referral.client}`,
      run: (office: DemoOffice) => refer(office, referral),
    })),
    ...CONTRACTS.flatMap((contract) => [
      { day: contract.day, name: contract.number, run: (office: DemoOffice) => drawUp(office, contract) },
      ...contract.changes.map((change, index) => ({
        day: contract.day + change.after,
        name: `${contract.number} ${change.status}`,
        run: (office: DemoOffice) => changeStatus(office, contract, change, index),
      })),
    ]),
    ...PAYOUTS.map(({ email, day, outcome }) => ({
      day,
      name: `payout ${email} ${day}`,
      run: (office: DemoOffice) => payOut(office, email, outcome),
    })),
    { day: 310, name: 'bonus', run: giveBonus },
    { day: 421, name: 'newcomer', run: (office) => registerNewcomer(office, password) },
    { day: 423, name: 'invitation under way', run: inviteSomebody },
  ];
  return steps.filter(({ day }) => day <= TODAY).toSorted((a, b) => a.day - b.day);
}

async function addStaff(office: DemoOffice, password: string): Promise<void> {
  const ids = await office.userIds();
  for (const { supervisor, role: _, joins: __, ...person } of PEOPLE) {
    if (ids.has(person.email)) continue;
    const supervisorId = supervisor === undefined ? null : ids.get(supervisor);
    const user = await office.admin.call('POST', '/crm/users', { ...person, password, supervisorId });
    ids.set(person.email, String(user.id));
  }
  for (const client of CLIENTS) await office.addClient(client);
}

/** Terms, what statuses do, and plans in force. */
async function beginProgram({ admin }: DemoOffice): Promise<void> {
  if (!(await admin.send('GET', '/partner-program/terms/current')).ok) {
    const form = new FormData();
    form.set('title', 'Regulamin programu partnerskiego');
    form.set('requireAcceptance', 'false');
    form.set('file', new Blob([await termsPdf()], { type: 'application/pdf' }), 'regulamin.pdf');
    const { versionId } = await admin.call('POST', '/partner-program/terms', form);
    await admin.call('POST', `/partner-program/terms/${String(versionId)}/publication`);
  }
  await admin.call('PUT', '/partner-program/settings/contract-statuses', STATUS_ACTIONS);
  // So that a withdrawal can be tried at once; a program of one's own begins with accounts required.
  await admin.call('PUT', '/partner-program/settings', { requirePayoutAccount: false });
  const known = await admin.all('/partner-program/plans');
  for (const plan of PLANS) {
    const found =
      known.find(({ name }) => name === plan.name) ?? (await admin.call('POST', '/partner-program/plans', plan));
    if (found.status !== 'draft') continue;
    await admin.call('POST', `/partner-program/plans/${String(found.versionId)}/activation`, {});
  }
}

async function join(office: DemoOffice, email: string): Promise<void> {
  const person = await office.as(email);
  const { state, terms } = await person.call('GET', '/partner-program/membership');
  if (state !== 'partner') {
    await person.call('POST', '/partner-program/membership', { termsVersionId: (terms as Json).versionId });
  }
  const { firstName, lastName } = PEOPLE.find((one) => one.email === email)!;
  await person.call('PUT', '/partner-program/payout-account', { ...ACCOUNT, holder: `${firstName} ${lastName}` });
}

async function giveRanks(office: DemoOffice): Promise<void> {
  for (const { email, rank } of RANKS) {
    await office.admin.call('PUT', `/partner-program/partners/${await office.partnerId(email)}/rank`, { rank });
  }
}

/** Invited by mail, and registered by the link in it. */
async function bringIn(
  office: DemoOffice,
  { email, firstName, lastName, inviter }: (typeof OUTSIDERS)[number],
  password: string,
): Promise<void> {
  const known = await office.admin.call('GET', `/partner-program/partners?search=${encodeURIComponent(email)}`);
  if ((known.data as Json[]).length === 0) {
    const host = await office.as(inviter);
    const { data } = await host.call('GET', '/partner-program/invitations');
    if (!(data as Json[]).some((row) => row.email === email)) {
      const words = {
        subject: 'Zapraszam do programu partnerskiego',
        body: 'Dzień dobry, zapraszam do współpracy: {{link}}',
      };
      await host.call('POST', '/partner-program/invitations', { email, firstName, lastName, ...words });
    }
    const token = await linkMailedTo(office, email);
    const path = `/partner-program/registrations/invitation/${token}`;
    const { terms } = await office.admin.call('GET', path);
    const answer = await office.admin
      .nobody()
      .send('POST', path, { password, termsVersionId: (terms as Json).versionId });
    if (!answer.ok) throw new Error(`${email} cannot register: ${await answer.text()}`);
  }
  const account = { ...ACCOUNT, holder: `${firstName} ${lastName}`, password };
  await (await office.as(email)).call('PUT', '/partner-program/payout-account', account);
}

/** The secret in the newest invitation to an address, once its mail has gone out. */
async function linkMailedTo({ admin }: DemoOffice, email: string): Promise<string> {
  let token: string | undefined;
  await until(`the invitation of ${email} is mailed`, async () => {
    const mails = ((await admin.call('GET', '/crm/mailbox')) as unknown as Json[]).filter(({ to }) => to === email);
    token = mails
      .map(({ text }) => /\/(?:zaproszenie|convite|invitation)\/([^\s/]+)/.exec(String(text))?.[1])
      .findLast(Boolean);
    return token !== undefined;
  });
  return token!;
}

async function refer(office: DemoOffice, { client, email, by, approved }: (typeof REFERRALS)[number]): Promise<void> {
  const partner = await office.as(by);
  const links = (await partner.call('GET', '/partner-program/client-links')).data as Json[];
  const link =
    links.find(({ name }) => name === client) ??
    (await partner.call('POST', '/partner-program/client-links', { name: client, email }));
  if (!approved || (link.state !== 'submitted' && link.state !== undefined)) return;
  const clientId = await office.addClient({ name: client });
  await office.admin.call('POST', `/partner-program/client-links/${String(link.id)}/approval`, { clientId });
}

async function drawUp(office: DemoOffice, contract: DemoContract): Promise<void> {
  const { number, client, seller, valueMinor, currency, product } = contract;
  const contracts = await office.contractsByNumber();
  if (contracts.has(number)) return;
  const parties = { clientId: (await office.clientIds()).get(client), sellerId: (await office.userIds()).get(seller) };
  const { id } = await office.admin.call('POST', '/crm/contracts', {
    number,
    valueMinor,
    currency,
    product,
    ...parties,
  });
  contracts.set(number, { id: String(id), version: 1 });
}

/** The first version is the draft and each change adds one: the version says how far an earlier run came. */
async function changeStatus(
  office: DemoOffice,
  { number }: DemoContract,
  { status, refundBps }: DemoChange,
  index: number,
): Promise<void> {
  const contract = (await office.contractsByNumber()).get(number)!;
  if (contract.version > index + 1) return;
  await office.admin.call('POST', `/crm/contracts/${contract.id}/status`, { status, refundBps });
  contract.version += 1;
}

/** A whole hundred of what is available; paid or rejected the day it is asked for, or left waiting. */
async function payOut(office: DemoOffice, email: string, outcome: (typeof PAYOUTS)[number]['outcome']): Promise<void> {
  const partner = await office.as(email);
  const dashboard = await partner.call('GET', '/partner-program');
  const wallet = (dashboard.wallets as Json[]).find(({ currency }) => currency === 'PLN');
  const pending = dashboard.pendingWithdrawal as Json | undefined;
  const available = Number(wallet?.availableMinor ?? 0);
  const amountMinor = outcome === 'waits' ? Math.min(available, 500_00) : Math.floor(available / 100_00) * 100_00;
  if (!pending && amountMinor < 100_00) return;
  const { id } =
    pending ?? (await partner.call('POST', '/partner-program/withdrawals', { amountMinor, currency: 'PLN' }));
  if (outcome === 'paid') {
    await office.admin.call('POST', `/partner-program/withdrawals/${String(id)}/payout`, {
      reference: `P/${String(id).slice(0, 8)}`,
    });
  }
  if (outcome === 'rejected') {
    const reason = 'Nazwa odbiorcy nie zgadza się z kontem.';
    await office.admin.call('POST', `/partner-program/withdrawals/${String(id)}/rejection`, { reason });
  }
}

async function giveBonus(office: DemoOffice): Promise<void> {
  const wallet = `/partner-program/partners/${await office.partnerId('katarzyna.wojcik@crm.example')}`;
  const corrections = await office.admin.call('GET', `${wallet}/entries?kind=adjustment`);
  if ((corrections.data as Json[]).length > 0) return;
  const reason = 'Premia za polecenie z targów branżowych';
  await office.admin.call('POST', `${wallet}/adjustments`, { amountMinor: 150_00, currency: 'PLN', reason });
}

/** Somebody who came by the bare page, and waits to be approved. */
async function registerNewcomer(office: DemoOffice, password: string): Promise<void> {
  const { versionId } = await office.admin.call('GET', '/partner-program/terms/current');
  const newcomer = {
    email: 'kamil.duda@poczta.example',
    firstName: 'Kamil',
    lastName: 'Duda',
    phone: '+48 600 300 200',
  };
  const body = { ...newcomer, password, termsVersionId: versionId };
  const answer = await office.admin.nobody().send('POST', '/partner-program/registrations', body);
  if (!answer.ok && answer.status !== 409) throw new Error(`The newcomer cannot register: ${await answer.text()}`);
}

async function inviteSomebody(office: DemoOffice): Promise<void> {
  const seller = await office.as('katarzyna.wojcik@crm.example');
  const { data } = await seller.call('GET', '/partner-program/invitations');
  if ((data as Json[]).length > 0) return;
  await seller.call('POST', '/partner-program/invitations', {
    firstName: 'Ola',
    lastName: 'Malinowska',
    email: 'ola.malinowska@poczta.example',
    subject: 'Zapraszam do programu partnerskiego',
    body: 'Dzień dobry, Ola! Polecam nasz program partnerski: {{link}}',
  });
}
