import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { decodeCursor, encodeCursor } from '../../kernel/cursor';
import type { Slice } from '../../kernel/cursor';
import type { Currency } from '../../kernel/money';
import { Refusal } from '../../kernel/refusal';
import { balancesOf } from '../../ledger/balances.queries';
import type { Balance } from '../../ledger/balances.queries';
import { Program } from '../../platform/program/program.service';
import { entriesOf } from './wallets.queries';
import type { EntryFilter, EntryRow } from './wallets.queries';

/** A movement as shown. */
export type Entry = Omit<EntryRow, 'accountId' | 'accountVersion'>;

const NOTHING = {
  totalMinor: 0,
  availableMinor: 0,
  heldMinor: 0,
  maturingMinor: 0,
  paidOutMinor: 0,
  version: 0,
};

@Injectable()
export class WalletsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly program: Program,
  ) {}

  /** A partner's wallets; the program's own currency always has one, if an empty one. @see P15 */
  async of(partnerId: string): Promise<Balance[]> {
    const wallets = (await balancesOf(this.db.manager, [partnerId])).get(partnerId) ?? [];
    return walletsWith(this.program.now.currency, wallets);
  }

  /** The wallets of each partner by currency; none for a currency never posted in. */
  ofAll(partnerIds: readonly string[]): Promise<Map<string, Balance[]>> {
    return balancesOf(this.db.manager, partnerIds);
  }

  /**
   * Does something to a wallet; a refusal by its balance then says what the balance is.
   * @throws Refusal INSUFFICIENT_FUNDS (`availableMinor`, `currency`), WALLET_CHANGED (`wallet`)
   */
  async withBalance<T>(partnerId: string, currency: Currency, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const code = error instanceof Refusal ? error.code : undefined;
      if (code !== 'INSUFFICIENT_FUNDS' && code !== 'WALLET_CHANGED') throw error;
      const wallets = (await balancesOf(this.db.manager, [partnerId])).get(partnerId) ?? [];
      const wallet = wallets.find((one) => one.currency === currency) ?? { currency, ...NOTHING };
      const { availableMinor } = wallet;
      throw new Refusal(code, code === 'WALLET_CHANGED' ? { wallet } : { availableMinor, currency });
    }
  }

  /** Movements, the newest first, each with the balance after it. */
  async entries(
    partnerId: string,
    filter: EntryFilter,
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<Slice<Entry>> {
    const before = cursor === undefined ? {} : versionsOf(cursor);
    const rows = await entriesOf(this.db.manager, partnerId, filter, { before, limit: limit + 1 });
    const page = rows.slice(0, limit);
    for (const { accountId, accountVersion } of page) before[accountId] = accountVersion;
    return {
      data: page.map(entryJson),
      nextCursor: rows.length > limit ? encodeCursor([JSON.stringify(before)]) : null,
    };
  }
}

/** The wallets, an empty one of the program's own currency among them where it has none yet. */
export function walletsWith(currency: Currency, wallets: readonly Balance[]): Balance[] {
  return wallets.some((wallet) => wallet.currency === currency) ? [...wallets] : [emptyWallet(currency), ...wallets];
}

/** A wallet in a unit that was never posted in. */
export function emptyWallet(currency: Currency): Balance {
  return { currency, ...NOTHING };
}

/** Named one by one: leaving two of them out costs a page of fifty as much as a statement. */
export function entryJson(row: EntryRow): Entry {
  const { id, at, kind, amountMinor, currency, balanceAfterMinor, contractId, contractNumber, level, description } =
    row;
  return { id, at, kind, amountMinor, currency, balanceAfterMinor, contractId, contractNumber, level, description };
}

/** How far each account was read: a cursor over several accounts at once. */
function versionsOf(cursor: string): Record<string, number> {
  const [text] = decodeCursor(cursor, 1);
  const versions: unknown = typeof text === 'string' && /^\{("\d+":\d+,?)*\}$/.test(text) ? JSON.parse(text) : {};
  return versions as Record<string, number>;
}
