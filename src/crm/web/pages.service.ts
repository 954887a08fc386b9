import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Request } from 'express';
import Handlebars from 'handlebars';
import { DataSource } from 'typeorm';
import { acceptedLocale, isoUnit, LOCALES, PartnerProgram, type Locale, type PageFrame } from '../../../modules';
import { CRM_PERMISSIONS, type CrmPermission, type User } from '../crm.entities';
import { userOf } from './access.guard';

/** The views stay where they are written; the compiled files lie one folder deeper, below `dist`. */
const VIEWS = viewsAbove(__dirname);

function viewsAbove(folder: string): string {
  const views = join(folder, 'src', 'crm', 'views');
  return existsSync(views) ? views : viewsAbove(dirname(folder));
}

/** The lists that forms offer, by name; enough of each for a toy. */
const CHOICES = {
  clients: 'select id, name as label from crm.client order by name, id limit 500',
  users: `select id, concat_ws(' ', first_name, last_name) as label from crm."user" where active
          order by last_name, first_name, id limit 500`,
  statuses: 'select key as id, label from crm.status order by position, key',
} as const;
export type Choice = keyof typeof CHOICES;

interface MenuItem {
  readonly label: string;
  readonly path: string;
  readonly needs?: CrmPermission;
}

const MENU: readonly MenuItem[] = [
  { label: 'contracts', path: '/crm/contracts' },
  { label: 'clients', path: '/crm/clients' },
  { label: 'users', path: '/crm/users', needs: 'crm.admin' },
  { label: 'program', path: '/partner-program', needs: 'participate' },
  { label: 'partners', path: '/partner-program/partners', needs: 'viewAllPartners' },
  { label: 'withdrawals', path: '/partner-program/withdrawals', needs: 'manageBalances' },
];
const CONFIGURATION: readonly MenuItem[] = [
  { label: 'statuses', path: '/crm/statuses', needs: 'crm.admin' },
  { label: 'terms', path: '/partner-program/terms', needs: 'configure' },
  { label: 'statusActions', path: '/partner-program/settings/contract-statuses', needs: 'configure' },
  { label: 'plans', path: '/partner-program/plans', needs: 'configure' },
];

type Texts = Readonly<Record<string, string>>;
type Template = ReturnType<typeof Handlebars.compile>;
type Options = Handlebars.HelperOptions;

/** Whether a browser asks: one that would rather see a page than JSON. */
export function wantsPage(request: Request): boolean {
  return request.accepts(['json', 'html']) === 'html';
}

/** The CRM's pages and the frame around them, which the partner program's pages share. */
@Injectable()
export class PagesService {
  readonly stylesheet = readFileSync(join(VIEWS, 'crm.css'), 'utf8');
  private readonly texts = JSON.parse(readFileSync(join(VIEWS, 'locales.json'), 'utf8')) as Record<Locale, Texts>;
  private readonly templates = compileTemplates();

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly modules: ModuleRef,
  ) {}

  text(locale: Locale, key: string): string {
    return this.texts[locale][key] ?? key;
  }

  localeOf(request: Request): Locale {
    return userOf(request)?.locale ?? acceptedLocale(request.get('accept-language')) ?? 'pl';
  }

  async render(view: string, model: object, request: Request, choices: readonly Choice[] = []): Promise<string> {
    const lists: Partial<Record<Choice, { id: string; label: string }[]>> = {};
    for (const name of choices) lists[name] = await this.db.query(CHOICES[name]);
    const locale = this.localeOf(request);
    const permissions = userOf(request)?.permissions ?? [];
    const can = Object.fromEntries(permissions.map((name) => [name, true]));
    const page = { model, choices: lists, can, me: userOf(request), query: request.query };
    return this.frame({
      title: this.text(locale, `title.${view}`),
      body: this.fill('main', { content: this.fill(view, page, locale) }, locale),
      locale,
      request,
      styles: [],
      scripts: [],
    });
  }

  /** Puts a finished page into the frame: the left menu shows what the user may open, and nothing else. */
  async frame({ title, body, locale, request, styles, scripts }: PageFrame): Promise<string> {
    const user = userOf(request);
    const here = `${request.baseUrl}${request.path}`;
    const mayOpen = await this.openTo(user);
    const marked = [...MENU, ...CONFIGURATION]
      .filter((item) => mayOpen(item) && `${here}/`.startsWith(`${item.path}/`))
      .toSorted((a, b) => b.path.length - a.path.length)[0];
    const section = (items: readonly MenuItem[]) =>
      items.filter(mayOpen).map((item) => ({ ...item, label: `menu.${item.label}`, current: item === marked }));
    const model = { title, body, styles, scripts, user, menu: section(MENU), configuration: section(CONFIGURATION) };
    return this.fill('layout', model, locale);
  }

  /** What was earned stays within reach: a partner who may no longer take part keeps the entry of the program. */
  private async openTo(user: User | undefined): Promise<(item: MenuItem) => boolean> {
    const { id, permissions } = user ?? { id: null, permissions: [] };
    // Found when it is needed: the program is made with the frame, which this service is.
    const program = this.modules.get(PartnerProgram, { strict: false });
    const isFormer = id !== null && !permissions.includes('participate') && (await program.partnerOf(id)) !== null;
    return ({ needs }) =>
      id !== null && (!needs || permissions.includes(needs) || (needs === 'participate' && isFormer));
  }

  private fill(view: string, model: object, locale: Locale): string {
    const template = this.templates.get(view);
    if (!template) throw new Error(`there is no view called ${view}`);
    const texts = this.texts[locale];
    return template({ ...model, locale, permissions: CRM_PERMISSIONS, locales: LOCALES }, { data: { locale, texts } });
  }
}

/** The CRM takes any three letters; the program says whether they are a currency. */
function digitsOf(currency: string): number {
  return isoUnit(currency)?.digits ?? 2;
}

function compileTemplates(): Map<string, Template> {
  const handlebars = Handlebars.create();
  const context = (options: Options) => options.data as { locale: Locale; texts: Texts };
  handlebars.registerHelper({
    t: (key: string, options: Options) => context(options).texts[key] ?? key,
    join: (...parts: unknown[]) => parts.slice(0, -1).join(''),
    same: (a: unknown, b: unknown) => a === b,
    or: (a: unknown, b: unknown) => a || b,
    pick: (first: unknown, a: unknown, b: unknown) => (first ? a : b),
    urlencode: (text: unknown) => encodeURIComponent(String(text)),
    includes: (list: unknown, item: unknown) => Array.isArray(list) && list.includes(item),
    money: (valueMinor: number, currency: string, options: Options) => {
      const digits = digitsOf(currency);
      return new Intl.NumberFormat(context(options).locale, {
        style: 'currency',
        currency,
        useGrouping: 'always',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }).format(valueMinor / 10 ** digits);
    },
    decimal: (valueMinor: number, currency: string) => {
      const digits = digitsOf(currency);
      return (valueMinor / 10 ** digits).toFixed(digits);
    },
    time: (at: Date, options: Options) =>
      new Intl.DateTimeFormat(context(options).locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at),
    iso: (at: Date) => at.toISOString(),
  });
  const templates = new Map<string, Template>();
  for (const file of readdirSync(VIEWS).filter((name) => name.endsWith('.hbs'))) {
    const template = handlebars.compile(readFileSync(join(VIEWS, file), 'utf8'));
    templates.set(basename(file, '.hbs'), template);
    handlebars.registerPartial(basename(file, '.hbs'), template);
  }
  return templates;
}
