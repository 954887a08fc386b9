import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Host } from '../../../host';
import { decodeCursor, sliceOf } from '../../../kernel/cursor';
import type { Currency, Money } from '../../../kernel/money';
import { Refusal } from '../../../kernel/refusal';
import type { Actor } from '../../../platform/web/access/actor';
import type { LineReason } from '../calculation/commission-split';
import { ForecastsService } from '../forecasts/forecasts.service';
import type { ForecastLine } from '../forecasts/forecasts.service';
import { accruedCommissions, accruedSums, clientsOf } from './commission-list.queries';
import type {
  After,
  CommissionFilter,
  CommissionSort,
  CommissionState,
  ContractCommission,
} from './commission-list.queries';

/** Clients beyond these are not searched by name. */
const MOST_CLIENTS = 5_000;

/** What one contract pays a partner, as shown. @see P19 */
export interface PartnerCommission {
  readonly contractId: string;
  readonly number: string | null;
  readonly clientName?: string;
  readonly sellerName?: string;
  readonly status: { readonly key: string; readonly label: string };
  readonly value: Money;
  readonly attribution: ContractCommission['source'];
  readonly level: number;
  readonly rateBps: number | null;
  readonly amountMinor: number;
  readonly currency: Currency;
  readonly state: CommissionState;
  /** Of a forecast: how likely it is by the contract's status, and the amount by that weight. */
  readonly weightBps?: number;
  readonly weightedMinor?: number;
  readonly occurredAt: Date;
  readonly releaseAt?: Date;
  readonly reversedMinor?: number;
  /** Why nothing is paid; absent where something is. */
  readonly reason?: LineReason;
}

/** The sums of a whole filter in one currency; forecasts also by their weights. */
export interface CommissionTotal {
  readonly currency: Currency;
  readonly contracts: number;
  readonly amountMinor: number;
  readonly weightedMinor?: number;
}

type Listed = ContractCommission & Pick<PartnerCommission, 'weightBps' | 'weightedMinor'>;
type Query = Omit<CommissionFilter, 'search'> & { readonly search?: string };

/** Lists what contracts pay a partner and what they are expected to. @see P19 */
@Injectable()
export class CommissionListService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly forecasts: ForecastsService,
    private readonly host: Host,
  ) {}

  /**
   * The partner whose commissions somebody may see: the own ones, or with `manageBalances` anybody's.
   * @throws Refusal NOT_FOUND for everybody else, NOT_A_PARTNER for whoever has none of one's own
   */
  ownerFor(me: Actor, partnerId: string | undefined): string {
    const own = me.partner?.id;
    if (partnerId === undefined && own === undefined) throw new Refusal('NOT_A_PARTNER');
    if (partnerId !== undefined && partnerId !== own && !me.permissions.has('manageBalances')) {
      throw new Refusal('NOT_FOUND');
    }
    return partnerId ?? own!;
  }

  /** A page, the newest or the largest first, with the exact sums of the whole filter. */
  async list(
    me: Actor,
    partnerId: string,
    query: Query,
    { sort, cursor, limit }: { sort: CommissionSort; cursor?: string; limit: number },
  ) {
    const after = cursor === undefined ? null : afterOf(cursor, sort);
    const expected = await this.expected(partnerId, query.state);
    const filter = await this.filterOf(partnerId, query, expected);
    const forecasts = expected.filter((row) => isWanted(row, filter));
    const accruedIn = filter.state !== 'forecast';
    const page = { sort, after, limit: limit + 1 };
    const accrued = accruedIn ? await accruedCommissions(this.db.manager, partnerId, filter, page) : [];
    const sums = accruedIn ? await accruedSums(this.db.manager, partnerId, filter) : [];
    const rows = [...accrued, ...forecasts.filter((row) => isAfter(row, sort, after))].toSorted(bySort(sort));
    const slice = sliceOf(rows.slice(0, limit + 1), limit, (row) => [keyOf(row, sort), row.contractId]);
    return { ...slice, data: await this.shown(me, slice.data), totals: totalsOf(sums, forecasts) };
  }

  /** The whole filter, for a file. */
  async all(me: Actor, partnerId: string, query: Query): Promise<PartnerCommission[]> {
    const expected = await this.expected(partnerId, query.state);
    const filter = await this.filterOf(partnerId, query, expected);
    const accrued =
      filter.state === 'forecast'
        ? []
        : await accruedCommissions(this.db.manager, partnerId, filter, { sort: 'date', after: null, limit: null });
    return this.shown(me, [...accrued, ...expected.filter((row) => isWanted(row, filter))].toSorted(bySort('date')));
  }

  private async expected(partnerId: string, state: CommissionState | undefined): Promise<Listed[]> {
    if (state !== undefined && state !== 'forecast') return [];
    return (await this.forecasts.of(this.db.manager, partnerId)).map(listed);
  }

  /** The host knows the names of clients: those that match are looked for by their ids. */
  private async filterOf(
    partnerId: string,
    { search: text, ...filter }: Query,
    expected: readonly Listed[],
  ): Promise<CommissionFilter> {
    if (!text) return filter;
    const known = await clientsOf(this.db.manager, partnerId, MOST_CLIENTS);
    const ids = new Set([...known, ...expected.flatMap(({ clientId }) => clientId ?? [])]);
    const clients = await this.host.clients([...ids].slice(0, MOST_CLIENTS));
    const matching = clients.filter(({ name }) => contains(name, text));
    return { ...filter, search: { text, clientIds: matching.map(({ id }) => id) } };
  }

  /**
   * With the names that the host has. A client's is shown to users of the CRM, who see it there anyway, and to whoever
   * brought the contract.
   */
  private async shown(me: Actor, rows: readonly Listed[]): Promise<PartnerCommission[]> {
    if (rows.length === 0) return [];
    const mayName = (row: Listed) => me.userId !== null || row.level === 0;
    const clientIds = rows.filter(mayName).flatMap(({ clientId }) => clientId ?? []);
    const sellerIds = rows.flatMap(({ sellerId }) => sellerId ?? []);
    const clients = await this.host.clients([...new Set(clientIds)]);
    const sellers = await this.host.users([...new Set(sellerIds)]);
    const statuses = await this.host.statuses();
    const clientNames = new Map(clients.map(({ id, name }) => [id, name]));
    const sellerNames = new Map(sellers.map(({ id, firstName, lastName }) => [id, `${firstName} ${lastName}`]));
    const labels = new Map(statuses.map(({ key, label }) => [key, label]));
    return rows.map((row) => ({
      contractId: row.contractId,
      number: row.number,
      clientName: (row.clientId !== null && mayName(row) && clientNames.get(row.clientId)) || undefined,
      sellerName: (row.sellerId !== null && sellerNames.get(row.sellerId)) || undefined,
      status: { key: row.status, label: labels.get(row.status) ?? row.status },
      value: { amountMinor: row.valueMinor, currency: row.currency },
      attribution: row.source,
      level: row.level,
      rateBps: row.rateBps,
      amountMinor: row.amountMinor,
      currency: row.currency,
      state: row.state,
      weightBps: row.weightBps,
      weightedMinor: row.weightedMinor,
      occurredAt: row.occurredAt,
      releaseAt: row.state === 'maturing' ? (row.releaseAt ?? undefined) : undefined,
      reversedMinor: row.reversedMinor > 0 ? row.reversedMinor : undefined,
      reason: row.reason === 'PAID' ? undefined : row.reason,
    }));
  }
}

function listed({ contract, source, line, weightedMinor }: ForecastLine): Listed {
  const { contractId, number, status, sellerId, clientId, valueMinor, currency, occurredAt, weightBps } = contract;
  const { level, rateBps, amountMinor, reason } = line;
  const facts = { contractId, number, status, sellerId, clientId, valueMinor, currency, occurredAt };
  const nothing = { reversedMinor: 0, releaseAt: null };
  return {
    ...facts,
    ...nothing,
    source,
    level,
    rateBps,
    amountMinor,
    reason,
    state: 'forecast',
    weightBps,
    weightedMinor,
  };
}

function isWanted(row: Listed, { state, level, currency, status, from, to, search }: CommissionFilter): boolean {
  return (
    (state === undefined || row.state === state) &&
    (level === undefined || row.level === level) &&
    (currency === undefined || row.currency === currency) &&
    (status === undefined || row.status === status) &&
    (from === undefined || row.occurredAt >= from) &&
    (to === undefined || row.occurredAt < to) &&
    (search === undefined ||
      contains(row.number ?? '', search.text) ||
      (row.clientId !== null && search.clientIds.includes(row.clientId)))
  );
}

function contains(text: string, part: string): boolean {
  return text.toLocaleLowerCase().includes(part.toLocaleLowerCase());
}

function keyOf({ occurredAt, amountMinor }: Listed, sort: CommissionSort): string | number {
  return sort === 'date' ? occurredAt.toISOString() : amountMinor;
}

/** Negative where the first row comes first: the newer or larger, then the greater id. */
function compare(a: After, b: After): number {
  if (a[0] !== b[0]) return a[0] > b[0] ? -1 : 1;
  return a[1] === b[1] ? 0 : a[1] > b[1] ? -1 : 1;
}

function bySort(sort: CommissionSort) {
  return (a: Listed, b: Listed) => compare([keyOf(a, sort), a.contractId], [keyOf(b, sort), b.contractId]);
}

function isAfter(row: Listed, sort: CommissionSort, after: After | null): boolean {
  return after === null || compare(after, [keyOf(row, sort), row.contractId]) < 0;
}

function afterOf(cursor: string, sort: CommissionSort): After {
  const [key, contractId] = decodeCursor(cursor, 2);
  const fits = sort === 'date' ? typeof key === 'string' && !Number.isNaN(Date.parse(key)) : Number.isSafeInteger(key);
  if (!fits || typeof contractId !== 'string') throw new Refusal('INVALID_INPUT', { field: 'cursor' });
  return [key!, contractId];
}

function totalsOf(
  accrued: readonly { readonly currency: Currency; readonly contracts: number; readonly amountMinor: number }[],
  forecasts: readonly Listed[],
): CommissionTotal[] {
  const totals = new Map<Currency, CommissionTotal>(accrued.map((sum) => [sum.currency, sum]));
  for (const { currency, amountMinor, weightedMinor = 0 } of forecasts) {
    const before = totals.get(currency) ?? { currency, contracts: 0, amountMinor: 0 };
    totals.set(currency, {
      currency,
      contracts: before.contracts + 1,
      amountMinor: before.amountMinor + amountMinor,
      weightedMinor: (before.weightedMinor ?? 0) + weightedMinor,
    });
  }
  return [...totals.values()].toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
}
