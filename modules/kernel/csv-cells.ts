import type { Locale } from './locale';

const FORMULA = '=+\\-@|%＝＋－＠';
const AT_THE_START = new RegExp(`^\\s*[${FORMULA}]`);
/** Where a cell would begin for a reader that takes the other delimiter. */
const AFTER_DELIMITER = new RegExp(`([,;])(?=[\\s"]*([${FORMULA}]|$))`, 'g');

/**
 * A text on one line that no spreadsheet takes for a formula, with whichever delimiter it reads the table: what would
 * begin like one begins with an apostrophe instead. Numbers are no text and stay as they are.
 * @see F76
 */
export function textCell(text: string): string {
  const line = text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029\ufeff]+/g, ' ').replace(AFTER_DELIMITER, "$1'");
  return AT_THE_START.test(line) ? `'${line}` : line;
}

/** A moment as spreadsheets read one, `2026-03-29 14:05:09`, in a time zone that the head of its column names. */
export function timeCell(moment: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(moment);
}

/** How a table is written where spreadsheets expect a comma within numbers, and elsewhere. */
export function csvOptions(locale: Locale) {
  return {
    bom: true,
    delimiter: locale === 'en' ? ',' : ';',
    quoted_string: true,
    record_delimiter: 'windows' as const,
  };
}
