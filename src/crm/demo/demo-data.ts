import type { Locale } from '../../../modules';
import type { CrmPermission } from '../crm.entities';

interface DemoPerson {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly role: string;
  readonly phone?: string;
  readonly supervisor?: string;
  readonly permissions: readonly CrmPermission[];
  readonly mailbox?: string;
  readonly locale?: Locale;
  /** The day on which the person joins the program; null for nobody who has. */
  readonly joins: number | null;
}

/** Supervisors before those they lead: both the CRM's rows and the partners' tree are made in this order. */
export const PEOPLE: readonly DemoPerson[] = [
  {
    email: 'barbara.zielinska@crm.example',
    firstName: 'Barbara',
    lastName: 'Zielińska',
    role: 'director, partner',
    phone: '+48 601 200 100',
    permissions: ['participate', 'viewAllPartners', 'inviteLevelZero'],
    mailbox: 'barbara.zielinska@crm.example',
    locale: 'pl',
    joins: 1,
  },
  {
    email: 'marek.lewandowski@crm.example',
    firstName: 'Marek',
    lastName: 'Lewandowski',
    role: 'manager, partner',
    phone: '+48 601 200 101',
    supervisor: 'barbara.zielinska@crm.example',
    permissions: ['participate', 'manageBalances'],
    locale: 'pl',
    joins: 2,
  },
  {
    email: 'ana.carvalho@crm.example',
    firstName: 'Ana',
    lastName: 'Carvalho',
    role: 'manager, partner (pt-BR)',
    phone: '+55 11 91234-5678',
    supervisor: 'barbara.zielinska@crm.example',
    permissions: ['participate'],
    mailbox: 'ana.carvalho@crm.example',
    locale: 'pt-BR',
    joins: 3,
  },
  {
    email: 'katarzyna.wojcik@crm.example',
    firstName: 'Katarzyna',
    lastName: 'Wójcik',
    role: 'seller, partner',
    supervisor: 'marek.lewandowski@crm.example',
    permissions: ['participate'],
    locale: 'pl',
    joins: 5,
  },
  {
    email: 'piotr.kaminski@crm.example',
    firstName: 'Piotr',
    lastName: 'Kamiński',
    role: 'seller, may join',
    supervisor: 'marek.lewandowski@crm.example',
    permissions: ['participate'],
    locale: 'pl',
    joins: null,
  },
  {
    email: 'rafael.souza@crm.example',
    firstName: 'Rafael',
    lastName: 'Souza',
    role: 'seller, partner (pt-BR)',
    supervisor: 'ana.carvalho@crm.example',
    permissions: ['participate'],
    locale: 'pt-BR',
    joins: 40,
  },
  {
    email: 'emma.clarke@crm.example',
    firstName: 'Emma',
    lastName: 'Clarke',
    role: 'seller, may not participate (en)',
    supervisor: 'ana.carvalho@crm.example',
    permissions: [],
    locale: 'en',
    joins: null,
  },
];

/** Partners without a CRM account: who invited them, when, and on which day they registered. */
export const OUTSIDERS: readonly {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly role: string;
  readonly inviter: string;
  readonly invited: number;
}[] = [
  {
    email: 'zofia.krol@studio.example',
    firstName: 'Zofia',
    lastName: 'Król',
    role: 'architect, partner without a CRM account',
    inviter: 'barbara.zielinska@crm.example',
    invited: 60,
  },
  {
    email: 'igor.bielski@projekty.example',
    firstName: 'Igor',
    lastName: 'Bielski',
    role: 'designer below her, partner without a CRM account',
    inviter: 'zofia.krol@studio.example',
    invited: 150,
  },
];

/** One of them has a partner's address, and so the icon in the list of clients. @see P18 */
export const CLIENTS: readonly { name: string; email?: string; taxId?: string }[] = [
  { name: 'Piekarnia Złoty Kłos', email: 'biuro@zlotyklos.example', taxId: '5260250995' },
  { name: 'Hurtownia Mazur i Synowie', email: 'kontakt@mazur.example', taxId: '7010002034' },
  { name: 'Rafael Souza Consultoria', email: 'rafael.souza@crm.example' },
  { name: 'Żeglarz Morski Sp. z o.o.', email: 'zarzad@zeglarz.example' },
  { name: 'Green Valley Ltd', email: 'office@greenvalley.example' },
  { name: 'Apteka Pod Lipą', email: 'apteka@podlipa.example' },
  { name: 'Drukarnia Szybka Kartka', email: 'biuro@szybkakartka.example' },
  { name: 'Transport Wilczak', email: 'spedycja@wilczak.example' },
  { name: 'Ogrody Księżyc', email: 'biuro@ogrodyksiezyc.example' },
];

/** Clients whom partners without a CRM account referred, and the contracts that came of it. */
export const REFERRALS: readonly { client: string; email: string; by: string; day: number; approved: boolean }[] = [
  {
    client: 'Dom przy Lesie',
    email: 'biuro@domprzylesie.example',
    by: 'zofia.krol@studio.example',
    day: 70,
    approved: true,
  },
  {
    client: 'Hotel Brzask',
    email: 'recepcja@brzask.example',
    by: 'igor.bielski@projekty.example',
    day: 180,
    approved: true,
  },
  {
    client: 'Pracownia Ceramiki Glina',
    email: 'glina@ceramika.example',
    by: 'zofia.krol@studio.example',
    day: 422,
    approved: false,
  },
];

const [BARBARA, MAREK, ANA, KATARZYNA, PIOTR, RAFAEL] = PEOPLE.map(({ email }) => email) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

/** What a contract goes through: so many days after it was drawn up. */
export interface DemoChange {
  readonly status: 'sent' | 'signed' | 'cancelled' | 'refunded';
  readonly after: number;
  readonly refundBps?: number;
}

export interface DemoContract {
  readonly number: string;
  readonly day: number;
  readonly client: string;
  readonly seller: string;
  readonly valueMinor: number;
  readonly currency: 'PLN' | 'EUR';
  readonly product: string;
  readonly changes: readonly DemoChange[];
}

/** The last day of the history. */
export const TODAY = 426;

const SELLERS = [KATARZYNA, RAFAEL, KATARZYNA, MAREK, PIOTR, ANA];
const PRODUCTS = ['Licencja roczna', 'Serwis', 'Wdrożenie', 'Szkolenie'];
/** Whole amounts as people agree on them. */
const VALUES = [45_000_00, 18_500_50, 27_999_99, 64_000_00, 9_000_00, 33_300_00, 12_750_00, 81_400_00, 21_999_00];

/** Every fifth day, so that a first start does not take long: a little more business every quarter, some of it cancelled or given back, the last of it under way. */
export const CONTRACTS: readonly DemoContract[] = Array.from({ length: 62 }, (_, index): DemoContract => {
  const day = 20 + 5 * Math.round((index * (TODAY - 26)) / 61 / 5);
  const inEuro = index % 9 === 4;
  const referred = REFERRALS.filter(({ approved, day: since }) => approved && since + 5 < day);
  const byReferral = index % 7 === 3 ? referred[index % Math.max(referred.length, 1)] : undefined;
  const client = byReferral?.client ?? (inEuro ? 'Green Valley Ltd' : CLIENTS[(index * 5) % CLIENTS.length]!.name);
  return {
    number: `U/${String(index + 1).padStart(3, '0')}`,
    day,
    client,
    seller: byReferral ? PIOTR : SELLERS[index % SELLERS.length]!,
    valueMinor: inEuro
      ? 4_200_00 + (index % 5) * 850_00
      : VALUES[index % VALUES.length]! + Math.floor(index / 12) * 1_500_00,
    currency: inEuro ? 'EUR' : 'PLN',
    product: PRODUCTS[index % PRODUCTS.length]!,
    changes: courseOf(index, day),
  };
});

function courseOf(index: number, day: number): DemoChange[] {
  const left = TODAY - day;
  const isUnderWay = index > 52 && index % 3 === 0;
  const all: DemoChange[] = [
    { status: 'sent', after: 5 },
    ...(isUnderWay ? [] : [{ status: 'signed' as const, after: 10 + (index % 3) * 5 }]),
    ...(index % 11 === 6 && !isUnderWay ? [{ status: 'cancelled' as const, after: 30 }] : []),
    ...(index % 13 === 8 && !isUnderWay ? [{ status: 'refunded' as const, after: 35, refundBps: 2_000 }] : []),
  ];
  return all.filter(({ after }) => after < left);
}

/** Ranks of the plan for contracts in euro. */
export const RANKS: readonly { email: string; rank: string }[] = [
  { email: BARBARA, rank: 'Dyrektor' },
  { email: MAREK, rank: 'Menedżer' },
  { email: ANA, rank: 'Menedżer' },
  { email: KATARZYNA, rank: 'Doradca' },
  { email: RAFAEL, rank: 'Doradca' },
];

const LEVELS = [
  { level: 0, rateBps: 500 },
  { level: 1, rateBps: 300 },
  { level: 2, rateBps: 200 },
];
export const PLANS: readonly { name: string; [field: string]: unknown }[] = [
  { name: 'Plan podstawowy', currency: 'PLN', kind: 'levels', levels: LEVELS, compression: 'none', holdingDays: 0 },
  {
    name: 'Plan serwisowy',
    currency: 'PLN',
    kind: 'levels',
    levels: LEVELS,
    compression: 'none',
    holdingDays: 45,
    conditions: { products: ['Serwis'] },
  },
  {
    name: 'Plan dla umów w euro',
    currency: 'EUR',
    kind: 'differential',
    ranks: [
      { rank: 'Doradca', rateBps: 400 },
      { rank: 'Menedżer', rateBps: 600 },
      { rank: 'Dyrektor', rateBps: 800 },
    ],
    compression: 'none',
    holdingDays: 0,
  },
];

/** On which days who asks for a payout, of what there is; the last one still waits. */
export const PAYOUTS: readonly { email: string; day: number; outcome: 'paid' | 'rejected' | 'waits' }[] = [
  { email: KATARZYNA, day: 95, outcome: 'paid' },
  { email: BARBARA, day: 120, outcome: 'paid' },
  { email: RAFAEL, day: 190, outcome: 'paid' },
  { email: KATARZYNA, day: 215, outcome: 'rejected' },
  { email: KATARZYNA, day: 220, outcome: 'paid' },
  { email: ANA, day: 260, outcome: 'paid' },
  { email: 'zofia.krol@studio.example', day: 300, outcome: 'paid' },
  { email: BARBARA, day: 330, outcome: 'paid' },
  { email: KATARZYNA, day: 424, outcome: 'waits' },
];
