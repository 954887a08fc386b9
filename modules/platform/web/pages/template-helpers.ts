import Handlebars, { type HelperOptions } from 'handlebars';
import type { Permission } from '../../../host';
import { currentTime } from '../../../kernel/clock';
import { DAY_MS, dayOf, usualPeriods } from '../../../kernel/day';
import { formatDate, formatMonth, formatNumber, formatRate } from '../../../kernel/formats';
import type { Locale } from '../../../kernel/locale';
import { isPartner, takesPart } from '../access/access.guard';
import type { ActorPartner } from '../access/actor';
import type { FormSurroundings } from '../forms/form-helpers';
import { BASE } from '../request/base';
import type { AssetName, Assets } from './assets.service';
import type { Messages } from './messages.service';
import { rowHelpers } from './row-helpers';

/** What every template knows besides its data, as `@locale`, `@path` and so on. */
export interface Surroundings extends FormSurroundings {
  readonly locale: Locale;
  readonly title: string;
  /** The address of the page, without and with its filters. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** What the form that led here has done, or nothing: the end of a text's key. */
  readonly done: string;
  /** Where the days of the program begin. */
  readonly timeZone: string;
  /** The program's own currency, where a form has to begin with one. */
  readonly currency: string;
  /** The codes of the program's own units, to be offered where one is asked for. */
  readonly units: readonly string[];
}

const around = (options: HelperOptions): Surroundings => options.data as Surroundings;
const filled = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

const CONFIGURATION = /^\/(settings|terms|plans|integrity|rederivation|jobs|audit)(\/|$)/;

const TONES: Readonly<Record<string, 'good' | 'warn' | 'bad'>> = {
  active: 'good',
  delivered: 'good',
  paid: 'good',
  posted: 'good',
  approved: 'good',
  pending: 'warn',
  maturing: 'warn',
  submitted: 'warn',
  waiting: 'warn',
  awaitingApproval: 'warn',
  draft: 'warn',
  suspended: 'bad',
  rejected: 'bad',
  reversed: 'bad',
  failed: 'bad',
  disabled: 'bad',
};

/** The same as those of `.pp-badge`. */
const SIGNS: Readonly<Record<string, string>> = { good: '✓', warn: '◔', bad: '✕', '': '○' };

interface Named {
  readonly name?: string;
  readonly firstName?: string;
  readonly lastName?: string;
}

/** The words our templates are written with; there is none that prints unescaped data. */
export function templateHelpers(messages: Messages, assets: Assets): Record<string, Handlebars.HelperDelegate> {
  return {
    /** `{{t 'withdrawal.min' amount=(money minimum currency)}}` */
    t: (key: string, options: HelperOptions) => messages.text(around(options).locale, key, options.hash),
    /** `{{plural 'count.partners' network.total}}` */
    plural: (key: string, count: number, options: HelperOptions) =>
      messages.text(around(options).locale, key, { ...options.hash, count }),
    /** `(key 'entry' kind)` → `entry.commission` */
    key: (...parts: unknown[]) => parts.slice(0, -1).join('.'),

    levelKey: (level: number) => (level === 0 ? 'level.own' : 'level.network'),
    commissionKey: (level: number) => (level === 0 ? 'entry.commission_own' : 'entry.commission_network'),
    /** A name that is not there any more is a former partner's. */
    personName: (person: Named | string, options: HelperOptions) =>
      nameOf(person).trim() || messages.text(around(options).locale, 'partner.former'),
    /** The colour of a state; the word beside it says the same. */
    tone: (state: string) => TONES[state] ?? '',
    /** The sign of a state, where the stylesheet cannot draw it: in a picture. */
    sign: (state: string) => SIGNS[TONES[state] ?? ''],

    ...moneyHelpers(messages),
    number: (value: number, options: HelperOptions) => formatNumber(around(options).locale, value),
    percent: (bps: number, options: HelperOptions) => formatRate(around(options).locale, bps),
    /** Basis points as digits for an input field: `12,5`. */
    rate: (bps: number, options: HelperOptions) => formatNumber(around(options).locale, bps / 100),
    /** How much of a whole a part is: `{{share totalMinor basis.amountMinor}}` */
    share: (part: number, whole: number, options: HelperOptions) =>
      formatRate(around(options).locale, whole === 0 ? 0 : Math.round((part / whole) * 10_000)),
    date: (value: string, options: HelperOptions) => timeElement(around(options), value),
    /** `lis`, or `listopad 2026` with `long=true`. */
    monthName: (value: string, options: HelperOptions) =>
      formatMonth(around(options).locale, new Date(value), around(options).timeZone, options.hash['long'] === true),
    daysSince: (value: string) => Math.floor((currentTime().getTime() - Date.parse(value)) / DAY_MS),
    day: (value: string, options: HelperOptions) =>
      formatDate(around(options).locale, new Date(value), around(options).timeZone),

    usualPeriods: (options: HelperOptions) => usualPeriods(dayOf(currentTime(), around(options).timeZone)),

    /** Where the program begins: `href="{{base}}/partners"`. */
    base: () => BASE,
    /** A page of the program, `(url '/partners/:id/entries' id=partner.id kind='payout')`; empty values are left out. */
    url: (path: string, options: HelperOptions) => fillUrl(path.startsWith('/') ? BASE + path : path, options.hash),
    /** An address of the host's with more in its query. */
    elsewhere: (path: string, options: HelperOptions) => fillUrl(path, options.hash),
    /** This page with some of its filters changed: `(here cursor=nextCursor)`. */
    here: (options: HelperOptions) => fillUrl(around(options).path, { ...around(options).query, ...options.hash }),
    asset: (name: AssetName) => assets.url(name),
    /** Whether the page is this one of the program. */
    at: (path: string, options: HelperOptions) => below(around(options).path) === path,
    /** Whether the page stands at or below one of the program: what the navigation marks as current. */
    within: (path: string, options: HelperOptions) => `${below(around(options).path)}/`.startsWith(`${path}/`),

    /** `{{current (within '/partners')}}`: marks the link to where one is. */
    current: (is: boolean) => new Handlebars.SafeString(is ? 'aria-current="page"' : ''),

    /** Texts one after the other: `(join 'pp-amount-' currency)`. */
    join: (...parts: unknown[]) => parts.slice(0, -1).join(''),
    param: (name: string, options: HelperOptions) => around(options).query[name] ?? '',
    /** Whether the list on the page is narrowed by something. */
    filtered: (options: HelperOptions) => Object.keys(around(options).query).some((name) => name !== 'cursor'),
    configuring: (options: HelperOptions) => CONFIGURATION.test(below(around(options).path)),
    isPartner: (options: HelperOptions) => isPartner(around(options).actor),
    /** A partner who may bring others in: not a CRM user who lost the permission. */
    takesPart: (options: HelperOptions) => takesPart(around(options).actor),
    /** A fact about the partner who looks at the page; empty for everybody else. */
    mine: (fact: keyof ActorPartner, options: HelperOptions) => around(options).actor?.partner?.[fact] ?? '',
    can: (permission: Permission, options: HelperOptions) =>
      around(options).actor?.permissions.has(permission) ?? false,
    eq: (a: unknown, b: unknown) => a === b,
    not: (value: unknown) => !value,
    and: (...values: unknown[]) => values.slice(0, -1).every(Boolean),
    or: (...values: unknown[]) => values.slice(0, -1).find(Boolean),
    /** A field of something that may not be there at all: `(of ../account 'kind')`. */
    of: (record: Readonly<Record<string, unknown>> | null | undefined, field: string) => record?.[field],
    /** Whether a value is there at all: zero is. */
    given: (value: unknown) => value !== undefined && value !== null,
    known: (prefix: string, name: string, options: HelperOptions) =>
      messages.has(around(options).locale, `${prefix}.${name}`),
    negative: (value: number) => value < 0,
    positive: (value: number) => value > 0,
    minus: (a: number, b: number) => a - b,
    ...rowHelpers,
  };
}

function moneyHelpers(messages: Messages): Record<string, Handlebars.HelperDelegate> {
  return {
    /** `{{money amountMinor currency signed=true}}` */
    money: (amountMinor: number, currency: string, options: HelperOptions) =>
      messages.money(around(options).locale, { amountMinor, currency }, options.hash['signed'] === true),
    exactMoney: (amountMinor: number, rest: number, currency: string, options: HelperOptions) =>
      messages.exactMoney(around(options).locale, { amountMinor, currency }, rest),
    amount: (amountMinor: number | null, currency: string, options: HelperOptions) =>
      amountMinor === null ? '' : messages.amount(around(options).locale, { amountMinor, currency }),
    /** For scripts, which learn from it how many decimals the unit has: `4500.00`. */
    decimal: (amountMinor: number, currency: string) => messages.amount('en', { amountMinor, currency }),
    /** Wallets for a script: `PLN:4500.00 EUR:0.00`. */
    balances: (wallets: readonly { currency: string; availableMinor: number }[] | undefined) =>
      (wallets ?? [])
        .map(
          ({ currency, availableMinor: amountMinor }) =>
            `${currency}:${messages.amount('en', { amountMinor, currency })}`,
        )
        .join(' '),
  };
}

/** A path as the program counts it: `/partners` of `/partner-program/partners`. */
function below(path: string): string {
  return `${path}/`.startsWith(`${BASE}/`) ? path.slice(BASE.length) || '/' : path;
}

function nameOf(person: Named | string): string {
  if (typeof person === 'string') return person;
  return person.name ?? [person.firstName, person.lastName].filter(Boolean).join(' ');
}

function timeElement({ locale, timeZone }: Surroundings, value: string): Handlebars.SafeString {
  const date = new Date(value);
  const iso = date.toISOString();
  const text = Handlebars.escapeExpression(formatDate(locale, date, timeZone, true));
  return new Handlebars.SafeString(`<time datetime="${iso}" title="${iso}">${text}</time>`);
}

function fillUrl(path: string, params: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  const filledPath = Object.entries(params).reduce((before, [name, value]) => {
    if (new RegExp(`:${name}\\b`).test(before)) return before.replace(`:${name}`, encodeURIComponent(String(value)));
    if (filled(value)) query.set(name, String(value));
    return before;
  }, path);
  return query.size > 0 ? `${filledPath}?${query.toString()}` : filledPath;
}
