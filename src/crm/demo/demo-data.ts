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
  readonly joins: boolean;
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
    joins: true,
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
    joins: true,
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
    joins: true,
  },
  {
    email: 'katarzyna.wojcik@crm.example',
    firstName: 'Katarzyna',
    lastName: 'Wójcik',
    role: 'seller, partner',
    supervisor: 'marek.lewandowski@crm.example',
    permissions: ['participate'],
    locale: 'pl',
    joins: true,
  },
  {
    email: 'piotr.kaminski@crm.example',
    firstName: 'Piotr',
    lastName: 'Kamiński',
    role: 'seller, may join',
    supervisor: 'marek.lewandowski@crm.example',
    permissions: ['participate'],
    locale: 'pl',
    joins: false,
  },
  {
    email: 'rafael.souza@crm.example',
    firstName: 'Rafael',
    lastName: 'Souza',
    role: 'seller, partner (pt-BR)',
    supervisor: 'ana.carvalho@crm.example',
    permissions: ['participate'],
    locale: 'pt-BR',
    joins: true,
  },
  {
    email: 'emma.clarke@crm.example',
    firstName: 'Emma',
    lastName: 'Clarke',
    role: 'seller, may not participate (en)',
    supervisor: 'ana.carvalho@crm.example',
    permissions: [],
    locale: 'en',
    joins: false,
  },
];

/** One of them has a partner's address, and so the icon in the list of clients. @see P18 */
export const CLIENTS: readonly { name: string; email?: string; taxId?: string }[] = [
  { name: 'Piekarnia Złoty Kłos', email: 'biuro@zlotyklos.example', taxId: '5260250995' },
  { name: 'Hurtownia Mazur i Synowie', email: 'kontakt@mazur.example', taxId: '7010002034' },
  { name: 'Rafael Souza Consultoria', email: 'rafael.souza@crm.example' },
  { name: 'Żeglarz Morski Sp. z o.o.', email: 'zarzad@zeglarz.example' },
  { name: 'Green Valley Ltd', email: 'office@greenvalley.example' },
];

interface DemoContract {
  readonly number: string;
  readonly client: string;
  readonly seller: string;
  readonly valueMinor: number;
  readonly product?: string;
  /** The statuses it goes through after `draft`. */
  readonly statuses: readonly { status: string; refundBps?: number }[];
}

const KATARZYNA = 'katarzyna.wojcik@crm.example';
const RAFAEL = 'rafael.souza@crm.example';

export const CONTRACTS: readonly DemoContract[] = [
  {
    number: 'K/2026/001',
    client: 'Piekarnia Złoty Kłos',
    seller: KATARZYNA,
    valueMinor: 45_000_00,
    product: 'Licencja roczna',
    statuses: [{ status: 'sent' }, { status: 'signed' }],
  },
  {
    number: 'K/2026/002',
    client: 'Hurtownia Mazur i Synowie',
    seller: KATARZYNA,
    valueMinor: 18_500_50,
    product: 'Wdrożenie',
    statuses: [{ status: 'signed' }],
  },
  {
    number: 'K/2026/003',
    client: 'Rafael Souza Consultoria',
    seller: RAFAEL,
    valueMinor: 27_999_99,
    statuses: [{ status: 'sent' }, { status: 'signed' }],
  },
  {
    number: 'K/2026/004',
    client: 'Żeglarz Morski Sp. z o.o.',
    seller: 'marek.lewandowski@crm.example',
    valueMinor: 120_000_00,
    product: 'Licencja roczna',
    statuses: [{ status: 'signed' }, { status: 'cancelled' }],
  },
  {
    number: 'K/2026/005',
    client: 'Green Valley Ltd',
    seller: RAFAEL,
    valueMinor: 9_000_00,
    statuses: [{ status: 'signed' }, { status: 'refunded', refundBps: 2_500 }],
  },
  {
    number: 'K/2026/006',
    client: 'Piekarnia Złoty Kłos',
    seller: KATARZYNA,
    valueMinor: 64_000_00,
    product: 'Serwis',
    statuses: [{ status: 'sent' }],
  },
  {
    number: 'K/2026/007',
    client: 'Hurtownia Mazur i Synowie',
    seller: 'piotr.kaminski@crm.example',
    valueMinor: 33_300_00,
    statuses: [],
  },
];
