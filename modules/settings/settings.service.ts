import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { signChanges } from '../audit/audit.queries';
import type { Signature } from '../audit/audit.queries';
import { Host } from '../host';
import { isCurrency } from '../kernel/money';
import { Refusal } from '../kernel/refusal';
import { PROGRAM_OPTIONS } from '../options';
import type { PartnerProgramOptions } from '../options';
import { lockTimeline } from '../timeline/timeline.queries';
import { actionAt, setStatusActions, settingsNow, statusActions } from './settings.queries';
import type { StatusActionRow } from './settings.queries';
import { Settings } from './settings.entity';

/** A status of the host with what it does now. `known` is false for one that the host no longer has. */
export interface StatusSetting {
  readonly status: string;
  readonly label: string;
  readonly known: boolean;
  readonly action: 'none' | 'accrue' | 'reverse';
}

@Injectable()
export class SettingsService implements OnApplicationBootstrap {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly host: Host,
  ) {}

  /** A fresh program begins with what the host's options say. */
  async onApplicationBootstrap(): Promise<void> {
    const { currency, locale = 'pl' } = this.options;
    await this.db
      .createQueryBuilder()
      .insert()
      .into(Settings)
      .values({ id: true, currency, locale })
      .orIgnore()
      .execute();
  }

  get(tx: EntityManager = this.db.manager): Promise<Settings> {
    return settingsNow(tx);
  }

  /** @throws Refusal CURRENCY_UNKNOWN */
  async change(by: Signature, changes: Partial<Omit<Settings, 'id'>>): Promise<Settings> {
    if (changes.currency !== undefined && !isCurrency(changes.currency)) {
      throw new Refusal('CURRENCY_UNKNOWN', { currency: changes.currency });
    }
    return this.db.transaction(async (tx) => {
      await signChanges(tx, by);
      if (Object.keys(changes).length > 0) await tx.update(Settings, { id: true }, changes);
      return this.get(tx);
    });
  }

  /** Every status of the host, and any it has given up that still does something. */
  async statusSettings(): Promise<StatusSetting[]> {
    const actions = await statusActions(this.db.manager);
    const known = (await this.host.statuses()).toSorted((a, b) => a.position - b.position);
    const now = new Date();
    const orphans = new Set(actions.filter((row) => row.validTo === null).map(({ status }) => status));
    for (const { key } of known) orphans.delete(key);
    return [
      ...known.map(({ key, label }) => ({ status: key, label, known: true, action: actionAt(actions, key, now) })),
      ...[...orphans].map((status) => ({
        status,
        label: status,
        known: false,
        action: actionAt(actions, status, now),
      })),
    ];
  }

  /**
   * Sets what these statuses do from now on; others keep what they do.
   * @throws Refusal STATUS_UNKNOWN; INVALID_INPUT where one is named twice
   * @see P12
   */
  async setStatusActions(by: Signature, wanted: readonly { status: string; action: 'none' | 'accrue' | 'reverse' }[]) {
    const known = new Set((await this.statusSettings()).map(({ status }) => status));
    const unknown = wanted.find(({ status }) => !known.has(status));
    if (unknown) throw new Refusal('STATUS_UNKNOWN', { status: unknown.status });
    if (new Set(wanted.map(({ status }) => status)).size < wanted.length) {
      throw new Refusal('INVALID_INPUT', { field: 'status' });
    }
    await this.db.transaction(async (tx) => {
      await signChanges(tx, by);
      const { moment } = await lockTimeline(tx);
      await setStatusActions(tx, wanted, { from: moment, by: by.ref });
    });
    return this.statusSettings();
  }

  /** Every action a status ever carried, for calculations as of a moment. */
  actions(tx: EntityManager): Promise<StatusActionRow[]> {
    return statusActions(tx);
  }
}
