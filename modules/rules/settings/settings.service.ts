import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Host } from '../../host';
import { currentTime } from '../../kernel/clock';
import { FULL_BPS } from '../../kernel/money';
import { Refusal } from '../../kernel/refusal';
import { attributeChanges } from '../../platform/audit/audit.queries';
import type { Signature } from '../../platform/audit/audit.queries';
import type { Minimum } from '../../platform/program/program.queries';
import { Program } from '../../platform/program/program.service';
import { Settings } from '../../platform/program/settings.entity';
import { lockTimeline } from '../../platform/timeline/timeline.queries';
import {
  actionAt,
  forecastWeights,
  setForecastWeights,
  setMinimums,
  setStatusActions,
  statusActions,
} from './settings.queries';
import type { StatusActionRow } from './settings.queries';

/** A status of the host with what it does now. `known` is false for one that the host no longer has. */
export interface StatusSetting {
  readonly status: string;
  readonly label: string;
  readonly known: boolean;
  readonly action: 'none' | 'accrue' | 'reverse';
  /** How likely a contract in it is to come about; 10 000 where nobody has said. @see P19 */
  readonly forecastWeightBps: number;
}

/** What a holder of `configure` sees of the program. */
export interface ProgramSettings extends Pick<
  Settings,
  'currency' | 'locale' | 'timeZone' | 'requireAcceptance' | 'requirePayoutAccount' | 'attributionOrder'
> {
  /** The least that can be asked for in the program's own unit; 0 for none. */
  readonly minimumWithdrawalMinor: number;
  /** The same for every unit that has one. */
  readonly minimumWithdrawals: readonly Minimum[];
}

/** What a status is to do from now on; a weight that is left out stays. */
export type WantedStatus = Pick<StatusSetting, 'status' | 'action'> & Partial<Pick<StatusSetting, 'forecastWeightBps'>>;

@Injectable()
export class SettingsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly program: Program,
  ) {}

  get(): ProgramSettings {
    const {
      currency,
      locale,
      timeZone,
      requireAcceptance,
      requirePayoutAccount,
      attributionOrder,
      minimumWithdrawals,
    } = this.program.now;
    const minimumWithdrawalMinor = minimumWithdrawals.find(({ unit }) => unit === currency)?.amountMinor ?? 0;
    return {
      currency,
      locale,
      timeZone,
      minimumWithdrawalMinor,
      minimumWithdrawals,
      requireAcceptance,
      requirePayoutAccount,
      attributionOrder: [...attributionOrder],
    };
  }

  /**
   * `minimumWithdrawals` are all there are: a unit that is not among them has none. `minimumWithdrawalMinor` is the one
   * of the program's own unit as it will be.
   * @throws Refusal CURRENCY_UNKNOWN; INVALID_INPUT where a unit is named twice
   */
  async change(by: Signature, changes: Partial<ProgramSettings>): Promise<ProgramSettings> {
    const { minimumWithdrawals, minimumWithdrawalMinor: ownMinor, ...columns } = changes;
    const named = (minimumWithdrawals ?? []).map(({ unit }) => unit);
    for (const currency of [...named, changes.currency ?? this.program.now.currency]) {
      if (!this.program.now.units.has(currency)) throw new Refusal('CURRENCY_UNKNOWN', { currency });
    }
    if (new Set(named).size < named.length) throw new Refusal('INVALID_INPUT', { field: 'minimumWithdrawals' });
    await this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      if (Object.keys(columns).length > 0) await tx.update(Settings, { id: true }, columns);
      const { currency } = await tx.findOneByOrFail(Settings, { id: true });
      const own = ownMinor === undefined ? [] : [{ unit: currency, amountMinor: ownMinor }];
      const others = (minimumWithdrawals ?? []).filter(({ unit }) => own.length === 0 || unit !== currency);
      await setMinimums(tx, [...own, ...others], { all: minimumWithdrawals !== undefined });
    });
    await this.program.refresh();
    return this.get();
  }

  /** Every status of the host, and any it has given up that still does something. */
  async statusSettings(): Promise<StatusSetting[]> {
    const actions = await statusActions(this.db.manager);
    const weights = await forecastWeights(this.db.manager);
    const facts = (status: string) => ({
      action: actionAt(actions, status, now),
      forecastWeightBps: weights.get(status) ?? FULL_BPS,
    });
    const known = (await this.host.statuses()).toSorted((a, b) => a.position - b.position);
    const now = currentTime();
    const orphans = new Set(actions.filter((row) => row.validTo === null).map(({ status }) => status));
    for (const { key } of known) orphans.delete(key);
    return [
      ...known.map(({ key, label }) => ({ status: key, label, known: true, ...facts(key) })),
      ...[...orphans].map((status) => ({ status, label: status, known: false, ...facts(status) })),
    ];
  }

  /**
   * Sets what these statuses do from now on; others keep what they do.
   * @throws Refusal STATUS_UNKNOWN; INVALID_INPUT where one is named twice
   * @see P12
   */
  async setStatusActions(by: Signature, wanted: readonly WantedStatus[]) {
    const known = new Set((await this.statusSettings()).map(({ status }) => status));
    const unknown = wanted.find(({ status }) => !known.has(status));
    if (unknown) throw new Refusal('STATUS_UNKNOWN', { status: unknown.status });
    if (new Set(wanted.map(({ status }) => status)).size < wanted.length) {
      throw new Refusal('INVALID_INPUT', { field: 'status' });
    }
    await this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const { moment } = await lockTimeline(tx);
      await setStatusActions(tx, wanted, { from: moment, by: by.ref });
      await setForecastWeights(tx, wanted);
    });
    return this.statusSettings();
  }

  /** Every action a status ever carried, for calculations as of a moment. */
  actions(tx: EntityManager): Promise<StatusActionRow[]> {
    return statusActions(tx);
  }
}
