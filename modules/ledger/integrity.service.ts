import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { INTEGRITY_CHECKS } from './integrity-checks';
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
 * Recomputes every invariant from the rows of one moment. It only reads.
 * @param progress told after each of the rules
 * @see Q6
 */
export function checkIntegrity(
  db: DataSource,
  progress: (done: number, rules: number) => void = () => undefined,
): Promise<IntegrityReport> {
  return db.transaction('REPEATABLE READ', async (tx) => {
    await tx.query('set transaction read only');
    const checks: IntegrityResult[] = [];
    for (const { id, what, sql: SQL } of INTEGRITY_CHECKS) {
      const rows = await tx.query<Record<string, unknown>[]>(`select * from (${SQL}) found limit ${MAX_ROWS}`);
      checks.push({ id, what, ok: rows.length === 0, rows });
      progress(checks.length, INTEGRITY_CHECKS.length);
    }
    return { ok: checks.every(({ ok }) => ok), checks, seal: await lastSeal(tx) };
  });
}

@Injectable()
export class IntegrityService {
  constructor(@InjectDataSource() private readonly db: DataSource) {}

  check(): Promise<IntegrityReport> {
    return checkIntegrity(this.db);
  }
}
