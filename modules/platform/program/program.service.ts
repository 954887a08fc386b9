import { Injectable, Logger } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { DEFAULT_TIME_ZONE } from '../../kernel/day';
import { LOCALES } from '../../kernel/locale';
import { isoUnit } from '../../kernel/units';
import type { PartnerProgramOptions } from '../../options';
import { beginProgram, defineUnit, programRules } from './program.queries';
import type { ProgramRules } from './program.queries';

/** How soon a process learns what another one has changed. */
const REFRESH_MS = 1_000;
/** The minimum of a new program, in whole units of its own. */
const FIRST_MINIMUM = 10;

/**
 * What holds in the program, for everybody who has to know it at once: its unit, language and time zone, the least that
 * can be asked for, and the units there are. Options only begin it. Whoever decides about money by it reads it again in
 * the own transaction.
 */
@Injectable()
export class Program implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Program.name);
  private known?: { readonly rules: ProgramRules; readonly readAt: number };
  private timer?: NodeJS.Timeout;
  private reading?: Promise<void>;
  private away = false;

  constructor(@InjectDataSource() private readonly db: DataSource) {}

  /** As this process read it last: its own changes at once, those of others within a second. */
  get now(): ProgramRules {
    if (!this.known) throw new Error('The partner program has not begun: nothing is known of it yet.');
    return this.known.rules;
  }

  /**
   * A fresh program begins with what the options say; one that has begun only gets the units that it does not have.
   * @throws Error for options that count in a unit which is not there, or give one other digits than it has
   */
  async begin(options: PartnerProgramOptions): Promise<void> {
    const { currency, locale = LOCALES[0], timeZone = DEFAULT_TIME_ZONE, units = [] } = options;
    const unit = isoUnit(currency) ?? units.find(({ code }) => code === currency);
    if (!unit) throw new Error(`The partner program's option currency names no unit: "${currency}".`);
    for (const own of units) await defineUnit(this.db.manager, own);
    await beginProgram(this.db.manager, { currency, locale, timeZone }, FIRST_MINIMUM * 10 ** unit.digits);
    await this.refresh();
    const changed = units.find(({ code, digits }) => this.now.units.of(code).digits !== digits);
    if (changed) {
      throw new Error(`The partner program's unit ${changed.code} cannot change its digits to ${changed.digits}.`);
    }
  }

  /** To be called once a change is committed, so that this process knows it at once. */
  async refresh(): Promise<ProgramRules> {
    const readAt = performance.now();
    const rules = await programRules(this.db.manager);
    if (!rules) throw new Error('The partner program has no settings: its first start writes them.');
    // Of two readings at once, the one that began later has seen more.
    if (!this.known || this.known.readAt <= readAt) this.known = { rules, readAt };
    return rules;
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.reading ??= this.follow().finally(() => (this.reading = undefined));
    }, REFRESH_MS).unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.reading;
  }

  /** While the database is away, what was known goes on being true: nobody can change it. */
  private async follow(): Promise<void> {
    try {
      await this.refresh();
      if (this.away) this.logger.warn('What holds in the program is read again.');
      this.away = false;
    } catch (error) {
      if (!this.away) this.logger.warn(`What holds in the program cannot be read: ${(error as Error).message}`);
      this.away = true;
    }
  }
}
