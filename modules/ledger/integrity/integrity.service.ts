import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inCatalogueOrder } from './integrity-check';
import type { IntegrityCheck } from './integrity-check';
import { LEDGER_CHECKS } from './integrity-checks';
import { lastSeal } from './seal.queries';
import type { LastSeal } from './seal.queries';

/** As many rows of a broken rule are shown. */
const MAX_ROWS = 100;

export interface IntegrityResult {
  readonly id: string;
  readonly what: string;
  readonly ok: boolean;
  /** What breaks the rule; at most a hundred. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export interface IntegrityReport {
  readonly ok: boolean;
  readonly checks: readonly IntegrityResult[];
  readonly seal: LastSeal | null;
}

/**
 * Recomputes these invariants from the rows of one moment. It only reads.
 * @param progress called after each of the rules
 * @see Q6
 */
export function recompute(
  db: DataSource,
  rules: readonly IntegrityCheck[],
  progress: (done: number, rules: number) => void = () => undefined,
): Promise<IntegrityReport> {
  return db.transaction('REPEATABLE READ', async (tx) => {
    await tx.query('set transaction read only');
    const checks: IntegrityResult[] = [];
    for (const { id, what, sql: SQL } of rules) {
      const rows = await tx.query<Record<string, unknown>[]>(`select * from (${SQL}) found limit ${MAX_ROWS}`);
      checks.push({ id, what, ok: rows.length === 0, rows });
      progress(checks.length, rules.length);
    }
    return { ok: checks.every(({ ok }) => ok), checks, seal: await lastSeal(tx) };
  });
}

/** Proves what the rooms of the running program have registered. */
@Injectable()
export class IntegrityService {
  private readonly checksByRoom = new Map<string, readonly IntegrityCheck[]>();

  constructor(@InjectDataSource() private readonly db: DataSource) {
    this.register('ledger', LEDGER_CHECKS);
  }

  /** Adds the invariants that speak of a room's tables; called by the room's module when it is made. */
  register(room: string, checks: readonly IntegrityCheck[]): void {
    if (this.checksByRoom.has(room)) throw new Error(`The room "${room}" has registered its checks already.`);
    this.checksByRoom.set(room, checks);
  }

  get checks(): readonly IntegrityCheck[] {
    return inCatalogueOrder([...this.checksByRoom.values()].flat());
  }

  check(): Promise<IntegrityReport> {
    return recompute(this.db, this.checks);
  }
}
