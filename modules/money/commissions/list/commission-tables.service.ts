import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { csvOptions, textCell } from '../../../kernel/csv-cells';
import { formatDate, formatRate } from '../../../kernel/formats';
import type { Locale } from '../../../kernel/locale';
import { Program } from '../../../platform/program/program.service';
import { Messages } from '../../../platform/web/pages/messages.service';
import type { PartnerCommission } from './commission-list.service';

const COLUMNS = [
  'preview.contract',
  'commissions.client',
  'commissions.seller',
  'common.status',
  'commissions.value',
  'partners.col_level',
  'preview.rate',
  'history.amount',
  'common.currency',
  'commissions.state',
  'commissions.weight',
  'commissions.weighted',
  'history.date',
  'commissions.release',
  'commissions.reversed',
  'preview.why',
];

/** What contracts pay a partner, as a table for a spreadsheet. @see P19 */
@Injectable()
export class CommissionTables {
  constructor(
    private readonly messages: Messages,
    private readonly program: Program,
  ) {}

  csv(rows: readonly PartnerCommission[], locale: Locale): string {
    const text = (key: string) => this.messages.text(locale, key);
    const day = (at: Date | undefined) => (at ? formatDate(locale, at, this.program.now.timeZone) : '');
    const cells = rows.map((row) => {
      const { currency, weightBps, weightedMinor, reversedMinor } = row;
      const amount = (amountMinor: number | undefined) =>
        amountMinor === undefined ? '' : this.messages.amount(locale, { amountMinor, currency });
      return [
        textCell(row.number ?? ''),
        textCell(row.clientName ?? ''),
        textCell(row.sellerName ?? ''),
        textCell(row.status.label),
        amount(row.value.amountMinor),
        String(row.level),
        row.rateBps === null ? '' : formatRate(locale, row.rateBps),
        amount(row.amountMinor),
        currency,
        text(`cstate.${row.state}`),
        weightBps === undefined ? '' : formatRate(locale, weightBps),
        amount(weightedMinor),
        day(row.occurredAt),
        day(row.releaseAt),
        amount(reversedMinor),
        row.reason ? text(`reason.${row.reason}`) : '',
      ];
    });
    return stringify([COLUMNS.map(text), ...cells], csvOptions(locale));
  }
}
