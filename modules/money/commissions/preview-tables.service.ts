import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { csvOptions, textCell } from '../../kernel/csv-cells';
import { formatRate } from '../../kernel/formats';
import type { Locale } from '../../kernel/locale';
import { Messages } from '../../platform/web/pages/messages.service';
import type { CommissionPreview } from './previews.service';

/** The columns that are there whether or not something is posted. */
const COLUMNS = [
  'partners.col_level',
  'partners.col_partner',
  'preview.base',
  'preview.rate',
  'history.amount',
  'common.currency',
  'preview.why',
  'preview.rule',
];

@Injectable()
export class PreviewTables {
  constructor(private readonly messages: Messages) {}

  /**
   * Who gets what from a contract, as a table for a spreadsheet: a row for everybody on the path, the unpaid ones with
   * the reason, and beside them what was posted once something is. @see P13 F76
   */
  csv(preview: CommissionPreview, locale: Locale): string {
    const text = (key: string) => this.messages.text(locale, key);
    const { lines, basis, plan, posted } = preview;
    const { currency } = basis;
    const amount = (amountMinor: number) => this.messages.amount(locale, { amountMinor, currency });
    const rule = plan ? textCell(`${plan.name} ${plan.number}`) : '';
    const rows = lines.map(({ partnerId, level, name, rateBps, amountMinor, reason }) => [
      String(level),
      textCell(name.trim() || text('partner.former')),
      amount(basis.amountMinor),
      rateBps === null ? '' : formatRate(locale, rateBps),
      amount(amountMinor),
      currency,
      text(`reason.${reason}`),
      rule,
      ...(posted ? [amount(posted.find((line) => line.partnerId === partnerId)?.amountMinor ?? 0)] : []),
    ]);
    const columns = [...COLUMNS, ...(posted ? ['preview.posted'] : [])];
    return stringify([columns.map(text), ...rows], csvOptions(locale));
  }
}
