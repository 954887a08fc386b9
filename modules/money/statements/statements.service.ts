import { pipeline, Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify';
import { csvOptions, textCell, timeCell } from '../../kernel/csv-cells';
import type { Locale } from '../../kernel/locale';
import type { Balance } from '../../ledger/balances.queries';
import type { Partner } from '../../people/partners/partner.entity';
import { Program } from '../../platform/program/program.service';
import { Messages } from '../../platform/web/pages/messages.service';
import { PDF_MARGIN, pdfDocument } from '../../platform/web/pages/pdf';
import type { EntryFilter } from '../wallets/wallets.queries';
import { WalletsService } from '../wallets/wallets.service';
import type { Entry } from '../wallets/wallets.service';

const BATCH = 500;
/** A document to be read; everything is in the table. */
const MAX_PDF_ENTRIES = 5_000;

/** Left edges and widths in points, on A4. */
const COLUMNS = [
  { key: 'history.date', x: PDF_MARGIN, width: 75, align: 'left' },
  { key: 'history.type', x: 120, width: 130, align: 'left' },
  { key: 'history.description', x: 255, width: 120, align: 'left' },
  { key: 'history.amount', x: 380, width: 85, align: 'right' },
  { key: 'history.balance_after', x: 470, width: 85, align: 'right' },
] as const;

/** What a statement is of. */
export interface StatementOf {
  readonly partner: Partner;
  readonly filter: EntryFilter;
  readonly locale: Locale;
}

/** A partner's movements to take along: a table for a spreadsheet, a document for a file. @see Q10 */
@Injectable()
export class StatementsService {
  constructor(
    private readonly wallets: WalletsService,
    private readonly messages: Messages,
    private readonly program: Program,
  ) {}

  /** Every movement, batch by batch, so that a long history needs no more memory than a short one. @see F76 */
  csv({ partner, filter, locale }: StatementOf): Readable {
    const table = stringify(csvOptions(locale));
    const rows = Readable.from(this.csvRows(partner.id, filter, locale));
    return pipeline(rows, table, () => undefined); // an error ends the answer, half of which is sent by then
  }

  pdf({ partner, filter, locale }: StatementOf): Readable {
    const document = pdfDocument(this.messages.text(locale, 'statement'), locale);
    this.write(document, { partner, filter, locale }).then(
      () => document.end(),
      (error: Error) => document.destroy(error),
    );
    return document;
  }

  private async *csvRows(partnerId: string, filter: EntryFilter, locale: Locale): AsyncGenerator<string[]> {
    const columns = ['history.date', 'history.type', 'history.description', 'preview.contract', 'partners.col_level'];
    const amounts = ['history.amount', 'common.currency', 'history.balance_after'];
    const { timeZone } = this.program.now;
    const [date, ...heads] = [...columns, ...amounts].map((key) => this.messages.text(locale, key));
    yield [`${date} (${timeZone})`, ...heads];
    for await (const entry of this.entries(partnerId, filter)) {
      const { at, contractId, contractNumber, level, amountMinor, balanceAfterMinor, currency } = entry;
      yield [
        timeCell(at, timeZone),
        textCell(this.kindOf(entry, locale)),
        textCell(descriptionOf(entry)),
        textCell(contractNumber ?? contractId ?? ''),
        level === null ? '' : String(level),
        this.messages.amount(locale, { amountMinor, currency }),
        currency,
        this.messages.amount(locale, { amountMinor: balanceAfterMinor, currency }),
      ];
    }
  }

  private async *entries(partnerId: string, filter: EntryFilter): AsyncGenerator<Entry> {
    for (let cursor: string | undefined; ;) {
      const page = await this.wallets.entries(partnerId, filter, { cursor, limit: BATCH });
      yield* page.data;
      if (page.nextCursor === null) return;
      cursor = page.nextCursor;
    }
  }

  private async write(document: PDFKit.PDFDocument, { partner, filter, locale }: StatementOf): Promise<void> {
    const { from, to } = filter;
    const lastMoment = to && new Date(to.getTime() - 1);
    const period = [from, lastMoment].map((date) => (date ? this.messages.date(locale, date) : '…')).join(' – ');
    document.font('bold').fontSize(16).text(this.messages.text(locale, 'statement')).moveDown(0.5);
    document.font('regular').fontSize(10).text(this.holderOf(partner, locale));
    if (from ?? to) document.text(period);
    for (const wallet of await this.wallets.of(partner.id)) this.writeWallet(document, wallet, locale);
    document.moveDown();
    this.writeRow(
      document,
      COLUMNS.map(({ key }) => this.messages.text(locale, key)),
      'bold',
    );
    let left = MAX_PDF_ENTRIES;
    for await (const entry of this.entries(partner.id, filter)) {
      if (document.destroyed) return; // its reader went away
      if (left-- === 0) break;
      this.writeRow(document, this.cells(entry, locale), 'regular');
    }
    if (left < 0) document.text(this.messages.text(locale, 'statement.cut', { limit: MAX_PDF_ENTRIES }), PDF_MARGIN);
  }

  private holderOf({ firstName, lastName, email, erasedAt }: Partner, locale: Locale): string {
    return erasedAt ? this.messages.text(locale, 'partner.former') : `${firstName} ${lastName}, ${email}`;
  }

  private writeWallet(document: PDFKit.PDFDocument, wallet: Balance, locale: Locale): void {
    const { currency, totalMinor, availableMinor, heldMinor, paidOutMinor } = wallet;
    const facts = [
      ['balance.total', totalMinor],
      ['balance.available', availableMinor],
      ['balance.reserved', heldMinor],
      ['balance.paid_total', paidOutMinor],
    ] as const;
    const sentence = facts.map(([key, amountMinor]) => {
      return `${this.messages.text(locale, key)}: ${this.messages.money(locale, { amountMinor, currency })}`;
    });
    document.text(sentence.join('   '));
  }

  private writeRow(document: PDFKit.PDFDocument, cells: readonly string[], font: 'regular' | 'bold'): void {
    document.font(font).fontSize(8);
    const heights = cells.map((cell, index) => document.heightOfString(cell, { width: COLUMNS[index]!.width }));
    const height = Math.max(...heights);
    if (document.y + height > document.page.height - PDF_MARGIN) document.addPage();
    const { y } = document;
    cells.forEach((cell, index) => {
      const { x, width, align } = COLUMNS[index]!;
      document.text(cell, x, y, { width, align });
    });
    document.x = PDF_MARGIN;
    document.y = y + height + 4;
  }

  private cells(entry: Entry, locale: Locale): string[] {
    const { at, amountMinor, balanceAfterMinor, currency } = entry;
    return [
      this.messages.date(locale, at, true),
      this.kindOf(entry, locale),
      descriptionOf(entry),
      this.messages.money(locale, { amountMinor, currency }, true),
      this.messages.money(locale, { amountMinor: balanceAfterMinor, currency }),
    ];
  }

  private kindOf({ kind, level }: Entry, locale: Locale): string {
    if (kind !== 'commission' || level === null) return this.messages.text(locale, `entry.${kind}`);
    return this.messages.text(locale, level === 0 ? 'entry.commission_own' : 'entry.commission_network', { level });
  }
}

/** A contract is named by its number, where that is known. */
function descriptionOf({ description, contractId, contractNumber }: Entry): string {
  return description === contractId ? (contractNumber ?? description) : description;
}
