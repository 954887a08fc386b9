import type { Locale } from '../../kernel/locale';

/**
 * A text that no spreadsheet takes for a formula: one that would begin like one begins with an apostrophe instead.
 * Characters that cannot be printed are left out. Numbers are no text and stay as they are.
 * @see F76
 */
export function textCell(text: string): string {
  const printable = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]/g, '');
  return /^\s*[=+\-@|%＝＋－＠]|^[\t\r\n]/.test(printable) ? `'${printable}` : printable;
}

/** How a table is written where spreadsheets expect a comma within numbers, and elsewhere. */
export function csvOptions(locale: Locale) {
  return {
    bom: true,
    delimiter: locale === 'en' ? ',' : ';',
    // Quoted throughout, so that a reader with the other delimiter finds no cell within a cell.
    quoted_string: true,
    record_delimiter: 'windows' as const,
  };
}
