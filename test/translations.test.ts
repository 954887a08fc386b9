import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PERMISSIONS } from '../modules/host';
import { LOCALES, type Locale } from '../modules/kernel/locale';
import { REFUSALS } from '../modules/kernel/refusal';
import { LINE_REASONS } from '../modules/money/commissions/calculation/commission-split';
import { readTexts } from '../modules/platform/web/pages/template-files';

const ROOT = join(__dirname, '..');
const CATEGORY = /_(one|few|many|other)$/;

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const catalogues = Object.fromEntries(LOCALES.map((locale) => [locale, readTexts(locale)])) as Record<
  Locale,
  Record<string, string>
>;

/** The texts by key, the plural forms of one key together. */
function grouped(locale: Locale): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, text] of Object.entries(catalogues[locale])) {
    const name = key.replace(CATEGORY, '');
    groups.set(name, [...(groups.get(name) ?? []), text]);
  }
  return groups;
}

const placeholders = (texts: readonly string[]) =>
  [...new Set(texts.flatMap((text) => text.match(/\{\w+\}/g) ?? []))].sort();

const known = new Set(grouped('pl').keys());
const templates = filesBelow('templates', '.hbs').map((path) => ({ path, source: read(path) }));
const sources = filesBelow('modules', '.ts').map((path) => ({ path, source: read(path) }));

describe('[Q11] the three languages', () => {
  it.each(LOCALES)('have the same texts: %s', (locale) => {
    expect([...grouped(locale).keys()].sort()).toEqual([...known].sort());
  });

  it.each(LOCALES)('say the same about the same things: %s', (locale) => {
    const polish = grouped('pl');
    for (const [key, texts] of grouped(locale)) {
      expect([key, placeholders(texts)]).toEqual([key, placeholders(polish.get(key) ?? [])]);
    }
  });

  it.each(LOCALES)('have every plural form of their own, and no other: %s', (locale) => {
    const forms = new Map<string, string[]>();
    for (const key of Object.keys(catalogues[locale]).filter((name) => CATEGORY.test(name))) {
      const name = key.replace(CATEGORY, '');
      forms.set(name, [...(forms.get(name) ?? []), CATEGORY.exec(key)![1]!]);
    }
    const expected = [...new Intl.PluralRules(locale).resolvedOptions().pluralCategories].sort();
    for (const [key, found] of forms) expect([key, found.sort()]).toEqual([key, expected]);
  });

  it.each(LOCALES)('leave nothing empty and nothing untrimmed: %s', (locale) => {
    for (const [key, text] of Object.entries(catalogues[locale]))
      expect([key, text]).toEqual([key, text.trim() || 'a text']);
  });
});

describe('every text that is asked for', () => {
  const missing = (keys: readonly string[]) => keys.filter((key) => !known.has(key));

  it('stands for every refusal, status and permission', () => {
    const statuses = new Set(Object.values(REFUSALS));
    expect(missing([...Object.keys(REFUSALS), 'INTERNAL', 'UNAVAILABLE'].map((code) => `refusal.${code}`))).toEqual([]);
    expect(missing([...statuses, 500, 503].map((status) => `problem.${status}`))).toEqual([]);
    expect(missing(PERMISSIONS.map((permission) => `permission.${permission}`))).toEqual([]);
  });

  it('[Q2] stands for every reason of a line', () => {
    expect(missing(LINE_REASONS.map((reason) => `reason.${reason}`))).toEqual([]);
  });

  it('stands for every key named in a template', () => {
    const keys = templates.flatMap(({ source }) => matches(source, /[({](?:t|plural) '([^']+)'/g));
    expect(keys.length).toBeGreaterThan(100);
    expect(missing(keys)).toEqual([]);
  });

  it('stands for at least one key of every group that a template chooses from', () => {
    const groups = templates.flatMap(({ source }) => [
      ...matches(source, /\(key '([^']+)'/g),
      ...matches(source, /> status kind='([^']+)'/g),
    ]);
    expect(groups.filter((group) => ![...known].some((key) => key.startsWith(`${group}.`)))).toEqual([]);
  });

  it('stands for every key named in the code', () => {
    const keys = sources.flatMap(({ source }) => [
      ...matches(source, /\btext\(\s*[\w.]+,\s*'([^']+)'/g),
      ...matches(source, /'((?:level|entry)\.\w+)'/g),
      ...matches(source, /\btemplate: '([^']+)'/g).flatMap((name) => [`mail.${name}.subject`, `mail.${name}.text`]),
    ]);
    expect(missing(keys)).toEqual([]);
  });

  it('stands for the title of every page, and every page that a route names is there', () => {
    const pages = templates.flatMap(({ path }) => matches(path, /^templates\/pages\/(.+)\.hbs$/g));
    expect(missing(pages.map((page) => `title.${page}`))).toEqual([]);
    const named = sources.flatMap(({ source }) => matches(source, /@Page\('([^']+)'/g));
    expect(named.filter((page) => !pages.includes(page))).toEqual([]);
  });
});

it('[Q11] keeps words out of the templates', () => {
  for (const { path, source } of templates) {
    const plain = source.replace(/\{\{.*?\}\}(?!\})/gs, '');
    const spoken = matches(plain, /\s(?:title|alt|placeholder|aria-label)="([^"]*)"/g);
    const text = plain.replace(/<!--.*?-->/gs, '').replace(/<[^>]*>/g, ' ');
    expect([path, ...[...spoken, text].filter((words) => /\p{L}/u.test(words))]).toEqual([path]);
  }
});

it('[F74] prints nothing unescaped', () => {
  expect(
    templates.filter(({ source }) => source.includes('{{{') || source.includes('{{&')).map(({ path }) => path),
  ).toEqual([]);
});

function matches(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].map((match) => match[1]!);
}

function filesBelow(folder: string, extension: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(extension))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`);
}
