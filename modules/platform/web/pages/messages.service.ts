import { Injectable, Logger } from '@nestjs/common';
import { createInstance, type i18n } from 'i18next';
import { formatAmount, formatDate, formatExactMoney, formatMoney, formatNumber } from '../../../kernel/formats';
import { type Locale, LOCALES } from '../../../kernel/locale';
import type { Money } from '../../../kernel/money';
import { Program } from '../../program/program.service';
import { readTexts } from './template-files';

export type MessageParams = Readonly<Record<string, unknown>>;

/**
 * The texts of `templates/locales`, in a private i18next. Money, dates and numbers among the parameters are
 * written in the habit of the language; `count` chooses the plural form. @see Q11
 */
@Injectable()
export class Messages {
  private readonly logger = new Logger('PartnerProgram');
  private readonly catalogue: i18n = createInstance({
    lng: LOCALES[0],
    fallbackLng: false,
    initAsync: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { prefix: '{', suffix: '}', escapeValue: false },
    missingInterpolationHandler: (text: string, match: string[]) =>
      this.complain(`${match[0]} is not given for "${text}"`),
    resources: Object.fromEntries(LOCALES.map((locale) => [locale, { translation: readTexts(locale) }])),
  });

  constructor(private readonly program: Program) {
    void this.catalogue.init();
  }

  has(locale: Locale, key: string): boolean {
    return this.catalogue.exists(key, { lng: locale });
  }

  text(locale: Locale, key: string, params: MessageParams = {}): string {
    if (!this.catalogue.exists(key, { lng: locale, count: params['count'] as number | undefined })) {
      return this.complain(`There is no ${locale} text "${key}"`) || key;
    }
    return this.catalogue.t(key, { ...this.spoken(locale, params), lng: locale, nest: false });
  }

  /** As the program's time zone has it. */
  date(locale: Locale, date: Date, withTime = false): string {
    return formatDate(locale, date, this.program.now.timeZone, withTime);
  }

  /** `4 500,00 zł`, `1 250 punktów`. @throws Error for a unit that is not there */
  money(locale: Locale, { amountMinor, currency }: Money, signed = false): string {
    return formatMoney(locale, amountMinor, this.program.now.units.of(currency), signed);
  }

  /** With all the digits of an amount that is no whole number of minor units. @param rest ten-thousandths of one */
  exactMoney(locale: Locale, { amountMinor, currency }: Money, rest: number): string {
    return formatExactMoney(locale, amountMinor, this.program.now.units.of(currency), rest);
  }

  /** As digits, for fields and spreadsheets that name the unit elsewhere. */
  amount(locale: Locale, { amountMinor, currency }: Money): string {
    return formatAmount(locale, amountMinor, this.program.now.units.of(currency));
  }

  /** A forgotten text is a bug that a test must find; on a live page it must not take the page down. */
  private complain(complaint: string): string {
    if (process.env['NODE_ENV'] === 'test') throw new Error(complaint);
    this.logger.error(complaint);
    return '';
  }

  /** `count` stays a number for the plural rule; `{n}` shows it. */
  private spoken(locale: Locale, params: MessageParams): Record<string, unknown> {
    const words: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(params)) {
      words[name] = name === 'count' ? value : this.speak(locale, value);
    }
    return typeof params['count'] === 'number' ? { ...words, n: this.speak(locale, params['count']) } : words;
  }

  private speak(locale: Locale, value: unknown): string {
    if (value instanceof Date) return this.date(locale, value);
    if (typeof value === 'number') return formatNumber(locale, value);
    if (isMoney(value)) return this.money(locale, value);
    return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

function isMoney(value: unknown): value is Money {
  return typeof value === 'object' && value !== null && 'amountMinor' in value && 'currency' in value;
}
