import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, IsNull, Not } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { decodeCursor, sliceOf } from '../../kernel/cursor';
import type { Slice } from '../../kernel/cursor';
import type { Locale } from '../../kernel/locale';
import { Refusal } from '../../kernel/refusal';
import { attributeChanges } from '../../platform/audit/audit.queries';
import type { Signature } from '../../platform/audit/audit.queries';
import { NotificationsService } from '../../platform/notifications/notifications.service';
import { WebhookReports } from '../../platform/webhooks/webhook-reports.service';
import { pdfFault } from './plain-pdf';
import { TermsAcceptance } from './terms-acceptance.entity';
import { TermsVersion } from './terms-version.entity';
import { acceptancesOf, listTerms, owesAcceptance } from './terms.queries';
import type { AcceptanceRow, TermsListRow } from './terms.queries';

export const MAX_TERMS_BYTES = 10 * 1024 * 1024;

/** Where an acceptance came from; stored with it. */
export interface AcceptanceContext {
  readonly ip: string | null;
  readonly locale: Locale;
}

@Injectable()
export class TermsService {
  private shown?: { readonly id: string; readonly file: Promise<TermsVersion> };

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly notifications: NotificationsService,
    private readonly webhooks: WebhookReports,
  ) {}

  list(): Promise<TermsListRow[]> {
    return listTerms(this.db.manager);
  }

  /** Keeps the PDF byte for byte; it is in force once published. @throws Refusal NOT_A_PDF, PDF_NOT_PLAIN, TOO_LARGE @see P6 */
  async upload(
    by: Signature,
    file: Buffer,
    terms: { title: string; requireAcceptance: boolean },
  ): Promise<TermsVersion> {
    if (file.length > MAX_TERMS_BYTES) throw new Refusal('TOO_LARGE', { limitBytes: MAX_TERMS_BYTES });
    const fault = pdfFault(file);
    if (fault) throw new Refusal(fault);
    const sha256 = createHash('sha256').update(file).digest('hex');
    const id = uuidv7();
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      await tx.insert(TermsVersion, tx.create(TermsVersion, { ...terms, id, file, sha256, uploadedBy: by.ref }));
      return tx.findOneByOrFail(TermsVersion, { id });
    });
  }

  /**
   * Puts a version in force from now on and notifies every partner there is; publishing the one in force again changes nothing.
   * @throws Refusal NOT_FOUND
   */
  publish(by: Signature, versionId: string): Promise<TermsVersion> {
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const current = await this.inForce(tx);
      if (current?.id === versionId) return current;
      const publication = { publishedAt: () => 'partner_program.now_ms()' };
      const { affected } = await tx.update(TermsVersion, { id: versionId }, publication);
      if (affected !== 1) throw new Refusal('NOT_FOUND');
      const published = await tx.findOneByOrFail(TermsVersion, { id: versionId });
      const { number, sha256 } = published;
      const publishedAt = published.publishedAt!;
      const about = `${versionId} ${publishedAt.toISOString()}`;
      await this.notifications.notifyAll(tx, { kind: 'terms', about }, publishedAt);
      await this.webhooks.report(tx, 'terms.published', publishedAt, { termsVersionId: versionId, number, sha256 });
      return published;
    });
  }

  /** The version published last, if any. */
  inForce(tx: EntityManager = this.db.manager): Promise<TermsVersion | null> {
    return tx.findOne(TermsVersion, { where: { publishedAt: Not(IsNull()) }, order: { publishedAt: 'DESC' } });
  }

  /**
   * The version in force with its bytes. One copy serves everybody who reads it at the same time, however slowly.
   * @throws Refusal NOT_FOUND @see F24
   */
  async fileInForce(): Promise<TermsVersion> {
    const terms = await this.inForce();
    if (!terms) throw new Refusal('NOT_FOUND');
    if (this.shown?.id !== terms.id) this.shown = { id: terms.id, file: this.withFile(terms.id) };
    return this.shown.file;
  }

  private withFile(id: string): Promise<TermsVersion> {
    const select = { id: true, number: true, title: true, sha256: true, file: true };
    return this.db.manager.findOneOrFail(TermsVersion, { select, where: { id } }).catch((error: unknown) => {
      this.shown = undefined;
      throw error;
    });
  }

  /**
   * Records that a partner accepted the version in force; a second time changes nothing.
   * @throws Refusal NO_TERMS, TERMS_OUTDATED when another version is in force (`versionId`)
   */
  async accept(
    tx: EntityManager,
    partnerId: string,
    versionId: string,
    { ip, locale }: AcceptanceContext,
  ): Promise<void> {
    const { sha256 } = await this.requireInForce(tx, versionId);
    await tx
      .createQueryBuilder()
      .insert()
      .into(TermsAcceptance)
      .values({ partnerId, termsVersionId: versionId, sha256, ip, locale })
      .orIgnore()
      .execute();
  }

  /** @throws Refusal NO_TERMS, TERMS_OUTDATED when another version is in force (`versionId`) */
  async requireInForce(tx: EntityManager, versionId: string): Promise<TermsVersion> {
    const terms = await this.inForce(tx);
    if (!terms) throw new Refusal('NO_TERMS');
    if (terms.id !== versionId) throw new Refusal('TERMS_OUTDATED', { versionId: terms.id, title: terms.title });
    return terms;
  }

  /** Who accepted a version, the latest first. @throws Refusal NOT_FOUND @see P6 */
  async acceptances(
    versionId: string,
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<Slice<AcceptanceRow> & { terms: Pick<TermsVersion, 'id' | 'number' | 'title' | 'sha256'> }> {
    const { manager } = this.db;
    const terms = await manager.findOneBy(TermsVersion, { id: versionId });
    if (!terms) throw new Refusal('NOT_FOUND');
    const before = cursor === undefined ? undefined : acceptanceId(decodeCursor(cursor, 1)[0]);
    const rows = await acceptancesOf(manager, versionId, { before, limit: limit + 1 });
    const { id, number, title, sha256 } = terms;
    return { ...sliceOf(rows, limit, (row) => [row.id]), terms: { id, number, title, sha256 } };
  }

  /** Whether new terms wait for this partner's acceptance before the next money action. */
  owesAcceptance(tx: EntityManager, partnerId: string): Promise<boolean> {
    return owesAcceptance(tx, partnerId);
  }
}

function acceptanceId(part: string | number | undefined): string {
  if (typeof part === 'string' && /^\d{1,18}$/.test(part)) return part;
  throw new Refusal('INVALID_INPUT', { field: 'cursor' });
}
