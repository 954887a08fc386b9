import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { decodeCursor, encodeCursor } from '../kernel/cursor';
import type { Page } from '../kernel/cursor';
import { balancesOf } from '../ledger/balances.queries';
import type { Balance } from '../ledger/balances.queries';
import { SettingsService } from '../settings/settings.service';
import { entriesOf } from './wallets.queries';
import type { EntryFilter, EntryRow } from './wallets.queries';

/** A movement as shown. */
export type Entry = Omit<EntryRow, 'accountId' | 'accountVersion'>;

@Injectable()
export class WalletsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly settings: SettingsService,
  ) {}

  /** A partner's wallets; the program's own currency always has one, if an empty one. @see P15 */
  async of(partnerId: string): Promise<Balance[]> {
    const wallets = (await balancesOf(this.db.manager, [partnerId])).get(partnerId) ?? [];
    const { currency } = await this.settings.get();
    if (wallets.some((wallet) => wallet.currency === currency)) return wallets;
    const nothing = { totalMinor: 0, availableMinor: 0, heldMinor: 0, forecastMinor: 0, paidOutMinor: 0, version: 0 };
    return [{ currency, ...nothing }, ...wallets];
  }

  /** Movements, the newest first, each with the balance after it. */
  async entries(
    partnerId: string,
    filter: EntryFilter,
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<Page<Entry>> {
    const before = cursor === undefined ? {} : versionsOf(cursor);
    const rows = await entriesOf(this.db.manager, partnerId, filter, { before, limit: limit + 1 });
    const page = rows.slice(0, limit);
    for (const { accountId, accountVersion } of page) before[accountId] = accountVersion;
    return {
      data: page.map(({ accountId: _, accountVersion: __, ...entry }) => entry),
      nextCursor: rows.length > limit ? encodeCursor([JSON.stringify(before)]) : null,
    };
  }
}

/** How far each account was read: a cursor over several accounts at once. */
function versionsOf(cursor: string): Record<string, number> {
  const [text] = decodeCursor(cursor, 1);
  const versions: unknown = typeof text === 'string' && /^\{("\d+":\d+,?)*\}$/.test(text) ? JSON.parse(text) : {};
  return versions as Record<string, number>;
}
