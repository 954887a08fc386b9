/** The languages the program speaks; the first one is the default. @see Q11 */
export const LOCALES = ['pl', 'pt-BR', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

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
