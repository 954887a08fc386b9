/** The languages the program speaks; a program whose options name none begins with the first. @see Q11 */
export const LOCALES = ['pl', 'pt-BR', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

/** The check of a column `locale`. */
export const LOCALE_KNOWN = `locale in (${LOCALES.map((locale) => `'${locale}'`).join(', ')})`;

/** The language a browser asks for, as far as the program speaks it (`pt` and `pt-PT` read as `pt-BR`). */
export function acceptedLocale(acceptLanguage: string | undefined): Locale | undefined {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((item) => {
      const [tag = '', ...options] = item.trim().split(';');
      const q = options.map((option) => /^\s*q=([\d.]+)$/.exec(option)?.[1]).find(Boolean);
      return { tag: tag.trim().toLowerCase(), weight: q === undefined ? 1 : Number(q) };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of wanted) {
    const language = tag.split('-')[0];
    const locale = LOCALES.find((known) => known.toLowerCase().split('-')[0] === language);
    if (locale) return locale;
  }
  return undefined;
}

export function isLocale(value: unknown): value is Locale {
  return LOCALES.includes(value as Locale);
}

/**
 * The language of whatever is written to a person: the own one, or the program's. There is no other fall-back.
 * @param person who says nothing of a language where none is known
 */
export function localeFor(person: { readonly locale?: Locale | null }, program: { readonly locale: Locale }): Locale {
  return person.locale ?? program.locale;
}
