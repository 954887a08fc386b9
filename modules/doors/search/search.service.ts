import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Host } from '../../host';
import type { Money } from '../../kernel/money';
import { CommissionListService } from '../../money/commissions/list/commission-list.service';
import { PartnersService } from '../../people/partners/partners.service';
import { isPartner } from '../../platform/web/access/access.guard';
import type { Actor } from '../../platform/web/access/actor';
import { contractsNumbered, withdrawalsOf } from './search.queries';
import type { FoundWithdrawal } from './search.queries';

/** Of each kind. */
const MOST = 5;

export interface PersonHit {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly status: string;
}

export interface ContractHit {
  readonly contractId: string;
  readonly number: string | null;
  readonly clientName?: string;
  readonly status: { readonly key: string; readonly label: string };
  readonly value: Money;
}

/** Finds people, contracts and requests among those that the person may open anyway. @see Q13 */
@Injectable()
export class SearchService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly commissions: CommissionListService,
    private readonly host: Host,
    private readonly partners: PartnersService,
  ) {}

  async find(me: Actor, q: string) {
    if (q === '') return { q, partners: [], contracts: [], withdrawals: [] };
    const partners = await this.people(me, q);
    return {
      q,
      partners,
      contracts: await this.contracts(me, q),
      withdrawals: await this.withdrawals(
        me,
        q,
        partners.map(({ id }) => id),
      ),
    };
  }

  /** The list "Twoi partnerzy" of whoever may open it. */
  private async people(me: Actor, search: string): Promise<PersonHit[]> {
    const seesAll = me.permissions.has('viewAllPartners') || me.permissions.has('manageBalances');
    if (!seesAll && !isPartner(me)) return [];
    const { data } = await this.partners.list(me, { search, sort: 'name' }, { limit: MOST });
    return data.map(({ id, firstName, lastName, email, status }) => ({
      id,
      name: `${firstName} ${lastName}`,
      email,
      status,
    }));
  }

  /** All of them by their numbers for holders of `manageBalances`; for a partner those of the own commissions. */
  private async contracts(me: Actor, q: string): Promise<ContractHit[]> {
    if (me.permissions.has('manageBalances')) return this.anyContracts(q);
    if (!isPartner(me)) return [];
    const { data } = await this.commissions.page(me, me.partner!.id, { search: q }, { sort: 'date', limit: MOST });
    return data.map(({ contractId, number, clientName, status, value }) => ({
      contractId,
      number,
      clientName,
      status,
      value,
    }));
  }

  private async anyContracts(q: string): Promise<ContractHit[]> {
    const found = await contractsNumbered(this.db.manager, q, MOST);
    if (found.length === 0) return [];
    const clients = await this.host.clients([...new Set(found.flatMap(({ clientId }) => clientId ?? []))]);
    const names = new Map(clients.map(({ id, name }) => [id, name]));
    const labels = new Map((await this.host.statuses()).map(({ key, label }) => [key, label]));
    return found.map(({ contractId, number, clientId, status, valueMinor: amountMinor, currency }) => ({
      contractId,
      number,
      clientName: clientId === null ? undefined : names.get(clientId),
      status: { key: status, label: labels.get(status) ?? status },
      value: { amountMinor, currency },
    }));
  }

  /** Everybody's for holders of `manageBalances`, also of the people found; for a partner the own ones. */
  private async withdrawals(me: Actor, text: string, partnerIds: readonly string[]): Promise<FoundWithdrawal[]> {
    const all = me.permissions.has('manageBalances');
    if (!all && !isPartner(me)) return [];
    const ownerId = all ? null : me.partner!.id;
    return withdrawalsOf(this.db.manager, { text, partnerIds, ownerId }, MOST);
  }
}
