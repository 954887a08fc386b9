import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Locale } from '../../kernel/locale';
import { Refusal } from '../../kernel/refusal';
import { Messages } from '../../platform/web/pages/messages.service';
import { pdfDocument } from '../../platform/web/pages/pdf';
import { receiptOf } from './terms.queries';
import type { ReceiptRow } from './terms.queries';

export interface ReceiptFor {
  readonly partnerId: string;
  readonly versionId: string;
  readonly locale: Locale;
  /** The reader's time zone; without it the receipt tells the time in UTC only. */
  readonly zone?: string;
}

/** What a partner keeps of an acceptance: who accepted which bytes, when, from where. @see P6 Q10 */
@Injectable()
export class ReceiptsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly messages: Messages,
  ) {}

  /** @throws Refusal NOT_FOUND when the partner did not accept this version */
  async pdf({ partnerId, versionId, locale, zone }: ReceiptFor): Promise<{ number: number; document: Readable }> {
    const receipt = await receiptOf(this.db.manager, partnerId, versionId);
    if (!receipt) throw new Refusal('NOT_FOUND');
    const title = this.messages.text(locale, 'terms.receipt');
    const document = pdfDocument(title, locale);
    document.font('bold').fontSize(16).text(title).moveDown();
    for (const [label, value] of factsOf(receipt, locale, zone)) {
      document.font('bold').fontSize(9).text(this.messages.text(locale, label));
      document.font('regular').fontSize(11).text(value).moveDown(0.6);
    }
    document.end();
    return { number: receipt.number, document };
  }
}

function factsOf(receipt: ReceiptRow, locale: Locale, zone?: string): [label: string, value: string][] {
  const { name, email, partnerId, acceptedAt, number, title, sha256, ip } = receipt;
  const language = new Intl.DisplayNames(locale, { type: 'language' }).of(receipt.locale);
  return [
    ['field.name', `${name}, ${email} (${partnerId})`],
    ['field.termsVersionId', `${number}. ${title}`],
    ['terms.hash', sha256],
    ...(zone ? ([['terms.accepted_at', momentIn(zone, acceptedAt, locale)]] as [string, string][]) : []),
    ['terms.time_utc', acceptedAt.toISOString()],
    ['terms.ip', ip ?? '–'],
    ['terms.language', language ?? receipt.locale],
  ];
}

function momentIn(timeZone: string, moment: Date, locale: Locale): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'long', timeZone });
  return `${format.format(moment)} (${timeZone})`;
}
