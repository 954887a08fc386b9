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
import { clientsOf, commissionTotals, listCommissions } from './commission-list.queries';
import type {
  After,
  CommissionFilter,
  CommissionList,
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

type Query = Omit<CommissionFilter, 'search'> & { readonly search?: string };

/** Lists what contracts pay a partner and what they are expected to. @see P19 */
@Injectable()
export class CommissionListService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly forecasts: ForecastsService,
    private readonly host: Host,
  ) {}

  /** A page, the newest or the largest first, with the exact sums of the whole filter. */
  async page(
    me: Actor,
    partnerId: string,
    query: Query,
    { sort, cursor, limit }: { sort: CommissionSort; cursor?: string; limit: number },
  ) {
    const after = cursor === undefined ? null : afterOf(cursor, sort);
    const list = await this.listOf(partnerId, query);
    const found = await listCommissions(this.db.manager, list, { sort, after, limit: limit + 1 });
    const slice = sliceOf(found, limit, (row) => [keyOf(row, sort), row.contractId]);
    const totals = await commissionTotals(this.db.manager, list);
    return {
      ...slice,
      data: await this.shown(me, slice.data),
      totals: totals.map((total) => ({ ...total, weightedMinor: total.weightedMinor ?? undefined })),
    };
  }

  /** The whole filter, for a file. */
  async all(me: Actor, partnerId: string, query: Query): Promise<PartnerCommission[]> {
    const list = await this.listOf(partnerId, query);
    return this.shown(me, await listCommissions(this.db.manager, list, { sort: 'date', after: null, limit: null }));
  }

  private async listOf(partnerId: string, { search, ...filter }: Query): Promise<CommissionList> {
    const isExpected = filter.state === undefined || filter.state === 'forecast';
    const forecasts = isExpected ? await this.forecasts.of(this.db.manager, partnerId) : [];
    if (!search) return { partnerId, forecasts, filter };
    const clientIds = await this.clientsCalled(search, partnerId, forecasts);
    return { partnerId, forecasts, filter: { ...filter, search: { text: search, clientIds } } };
  }

  /** The host knows the names of clients: those that match are looked for by their ids. */
  private async clientsCalled(text: string, partnerId: string, forecasts: readonly ForecastLine[]): Promise<string[]> {
    const known = await clientsOf(this.db.manager, partnerId, MOST_CLIENTS);
    const ids = new Set([...known, ...forecasts.flatMap(({ contract }) => contract.clientId ?? [])]);
    const clients = await this.host.clients([...ids].slice(0, MOST_CLIENTS));
    const part = text.toLocaleLowerCase();
    return clients.filter(({ name }) => name.toLocaleLowerCase().includes(part)).map(({ id }) => id);
  }

  /**
   * With the names that the host has. A client's is shown to users of the CRM, who see it there anyway, and to whoever
   * brought the contract.
   */
  private async shown(me: Actor, rows: readonly ContractCommission[]): Promise<PartnerCommission[]> {
    if (rows.length === 0) return [];
    const mayName = (row: ContractCommission) => me.userId !== null || row.level === 0;
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
      weightBps: row.weightBps ?? undefined,
      weightedMinor: row.weightedMinor ?? undefined,
      occurredAt: row.occurredAt,
      releaseAt: row.state === 'maturing' ? (row.releaseAt ?? undefined) : undefined,
      reversedMinor: row.reversedMinor > 0 ? row.reversedMinor : undefined,
      reason: row.reason === 'PAID' ? undefined : row.reason,
    }));
  }
}

function keyOf({ occurredAt, amountMinor }: ContractCommission, sort: CommissionSort): string | number {
  return sort === 'date' ? occurredAt.toISOString() : amountMinor;
}

function afterOf(cursor: string, sort: CommissionSort): After {
  const [key, contractId] = decodeCursor(cursor, 2);
  const fits = sort === 'date' ? typeof key === 'string' && !Number.isNaN(Date.parse(key)) : Number.isSafeInteger(key);
  if (!fits || typeof contractId !== 'string') throw new Refusal('INVALID_INPUT', { field: 'cursor' });
  return [key!, contractId];
}
