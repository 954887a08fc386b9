import { until, type DemoClient, type Json } from './demo-client';
import { CLIENTS, CONTRACTS, PEOPLE } from './demo-data';
import { termsPdf } from './demo-terms';

type SignIn = (email: string) => Promise<DemoClient>;
type Ids = ReadonlyMap<string, string>;

const PLAN = {
  name: 'Plan podstawowy',
  currency: 'PLN',
  kind: 'levels',
  levels: [
    { level: 0, rateBps: 500 },
    { level: 1, rateBps: 300 },
    { level: 2, rateBps: 200 },
  ],
  compression: 'none',
  holdingDays: 0,
};

const STATUS_ACTIONS = [
  { status: 'draft', action: 'none' },
  { status: 'sent', action: 'none' },
  { status: 'signed', action: 'accrue' },
  { status: 'cancelled', action: 'reverse' },
  { status: 'refunded', action: 'reverse' },
];

/** The ids of rows by a field that tells them apart. */
function idsBy(field: string, rows: readonly Json[]): Map<string, string> {
  return new Map(rows.map((row) => [String(row[field]), String(row.id)]));
}

/** @returns users' ids by e-mail */
export async function seedPeople(admin: DemoClient, password: string): Promise<Ids> {
  const ids = idsBy('email', await admin.all('/crm/users'));
  for (const { supervisor, role: _, joins: __, ...person } of PEOPLE) {
    if (ids.has(person.email)) continue;
    const supervisorId = supervisor === undefined ? null : ids.get(supervisor);
    const user = await admin.call('POST', '/crm/users', { ...person, password, supervisorId });
    ids.set(person.email, String(user.id));
  }
  return ids;
}

/** Terms, what statuses do, a plan in force, and those who have joined, from the top down. */
export async function seedPrograms(admin: DemoClient, signIn: SignIn): Promise<void> {
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
  await seedPlan(admin);
  for (const { email } of PEOPLE.filter(({ joins }) => joins)) {
    const person = await signIn(email);
    const { state, terms } = await person.call('GET', '/partner-program/membership');
    if (state === 'partner') continue;
    const { versionId } = terms as Json;
    await person.call('POST', '/partner-program/membership', { termsVersionId: versionId });
  }
}

async function seedPlan(admin: DemoClient): Promise<void> {
  const known = (await admin.all('/partner-program/plans')).find(({ name }) => name === PLAN.name);
  const plan = known ?? (await admin.call('POST', '/partner-program/plans', PLAN));
  if (plan.status !== 'draft') return;
  await admin.call('POST', `/partner-program/plans/${String(plan.versionId)}/activation`, {});
}

/** @returns contracts' ids by number, each in its last status */
export async function seedSales(admin: DemoClient, users: Ids): Promise<Ids> {
  const clients = idsBy('name', await admin.all('/crm/clients'));
  for (const client of CLIENTS) {
    if (clients.has(client.name)) continue;
    clients.set(client.name, String((await admin.call('POST', '/crm/clients', client)).id));
  }
  const known = new Map((await admin.all('/crm/contracts')).map((row) => [row.number, row]));
  const ids = new Map<string, string>();
  for (const { client, seller, statuses, ...fields } of CONTRACTS) {
    const parties = { clientId: clients.get(client), sellerId: users.get(seller), currency: 'PLN' };
    const contract =
      known.get(fields.number) ?? (await admin.call('POST', '/crm/contracts', { ...fields, ...parties }));
    // The first version is the draft and each status adds one: the version says how far an earlier run came.
    for (const status of statuses.slice(Number(contract.version) - 1)) {
      await admin.call('POST', `/crm/contracts/${String(contract.id)}/status`, status);
    }
    ids.set(fields.number, String(contract.id));
  }
  return ids;
}

/** Commissions in the wallets, one correction by hand and one withdrawal that waits. */
export async function seedWallets(admin: DemoClient, contracts: Ids, signIn: SignIn): Promise<void> {
  for (const { number } of CONTRACTS.filter(({ statuses }) => statuses.some(({ status }) => status === 'signed'))) {
    const preview = `/partner-program/contracts/${contracts.get(number)}/commission-preview`;
    await until(`the commissions of ${number} are posted`, async () => {
      return (await admin.call('GET', preview)).state !== 'forecast';
    });
  }
  const seller = await signIn('katarzyna.wojcik@crm.example');
  const { partner } = await seller.call('GET', '/partner-program');
  const wallet = `/partner-program/partners/${String((partner as Json).id)}`;
  const corrections = await admin.call('GET', `${wallet}/entries?kind=adjustment`);
  if ((corrections.data as Json[]).length === 0) {
    const reason = 'Premia za polecenie z targów branżowych';
    await admin.call('POST', `${wallet}/adjustments`, { amountMinor: 150_00, currency: 'PLN', reason });
  }
  // One request at a time is taken: a second one changes nothing.
  const asked = await seller.send('POST', '/partner-program/withdrawals', { amountMinor: 500_00, currency: 'PLN' });
  if (!asked.ok && asked.status !== 409)
    throw new Error(`${asked.url} answered ${asked.status}: ${await asked.text()}`);
}
