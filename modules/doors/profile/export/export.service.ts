import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Zip, ZipDeflate } from 'fflate';
import { DataSource } from 'typeorm';
import { PayoutAccountsService } from '../../../money/payout-accounts/payout-accounts.service';
import { StatementsService } from '../../../money/statements/statements.service';
import { WalletsService } from '../../../money/wallets/wallets.service';
import { partnerJson } from '../../../people/partners/partner-json';
import { Partner } from '../../../people/partners/partner.entity';
import { preferencesOf } from '../../../platform/notifications/preferences/preferences.queries';
import type { Actor } from '../../../platform/web/access/actor';
import { Messages } from '../../../platform/web/pages/messages.service';
import { ReceiptsService } from '../../../rules/documents/receipts.service';
import { acceptancesBy } from '../profile.queries';
import { rowsOf, SECTION_NAMES } from './export.queries';

interface ArchiveFile {
  readonly name: string;
  readonly content: AsyncIterable<string | Uint8Array> | Iterable<string>;
}

/** Everything that is stored about a partner, to take along: articles 15 and 20 of the GDPR. @see S14 */
@Injectable()
export class ExportService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly wallets: WalletsService,
    private readonly payoutAccounts: PayoutAccountsService,
    private readonly statements: StatementsService,
    private readonly receipts: ReceiptsService,
    private readonly messages: Messages,
  ) {}

  /** A ZIP of JSON files and documents, written as it is read: a long history needs no more memory than a short one. */
  archive(me: Actor): Readable {
    return Readable.from(zipped(this.files(me)), { objectMode: false });
  }

  private async *files({ partner, locale }: Actor): AsyncGenerator<ArchiveFile> {
    const { manager } = this.db;
    const { id } = partner!;
    const owner = await manager.findOneByOrFail(Partner, { id });
    const { sponsorId: _, ...profile } = partnerJson(owner);
    const facts = {
      profile: { ...profile, userId: owner.userId, locale: owner.locale, referralCode: owner.referralCode },
      wallets: await this.wallets.of(id),
      'payout-account': await this.payoutAccounts.of(id),
      preferences: await preferencesOf(manager, id),
    };
    yield { name: 'README.txt', content: [this.messages.text(locale, 'export.readme'), '\n'] };
    for (const [name, value] of Object.entries(facts)) {
      yield { name: `${name}.json`, content: [JSON.stringify(value, null, 2)] };
    }
    for (const section of SECTION_NAMES) {
      yield { name: `${section}.json`, content: asJson(rowsOf(manager, section, id)) };
    }
    const statement = { partner: owner, filter: { account: 'available' as const }, locale };
    yield { name: 'statement.csv', content: this.statements.csv(statement) };
    yield { name: 'statement.pdf', content: this.statements.pdf(statement) };
    for (const { versionId } of await acceptancesBy(manager, id)) {
      const { number, document } = await this.receipts.pdf({ partnerId: id, versionId, locale });
      yield { name: `terms-${number}-receipt.pdf`, content: document };
    }
  }
}

/** One row a line, so that any editor opens it. */
async function* asJson(rows: AsyncIterable<object>): AsyncGenerator<string> {
  let before = '[\n';
  for await (const row of rows) {
    yield before + JSON.stringify(row);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** Packs what comes, as it comes; whoever reads it sets the pace. */
async function* zipped(files: AsyncIterable<ArchiveFile>): AsyncGenerator<Uint8Array> {
  const packed: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    packed.push(chunk);
  });
  for await (const { name, content } of files) {
    const file = new ZipDeflate(name);
    zip.add(file);
    for await (const part of content) {
      file.push(typeof part === 'string' ? Buffer.from(part) : part);
      yield* packed.splice(0);
    }
    file.push(new Uint8Array(), true);
  }
  zip.end();
  yield* packed;
}
