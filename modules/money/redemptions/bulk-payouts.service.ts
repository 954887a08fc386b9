import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Refusal } from '../../kernel/refusal';
import type { RefusalCode } from '../../kernel/refusal';
import { claim, keep } from '../../platform/idempotency/idempotency.queries';
import type { RepeatableRequest } from '../../platform/idempotency/idempotency.queries';
import type { Actor } from '../../platform/web/access/actor';
import { WithdrawalsService } from './withdrawals.service';

export interface PayoutResult {
  readonly id: string;
  readonly status: 'paid' | 'refused';
  /** Why it was refused. */
  readonly code?: RefusalCode;
}

/** Many payouts in one request, each in a transaction of its own: what one of them meets stops no other. @see P17 */
@Injectable()
export class BulkPayoutsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly withdrawals: WithdrawalsService,
  ) {}

  /**
   * A repetition under the same key goes on where the first one was cut off: every payout is remembered by itself,
   * and the answer of all of them at the end.
   * @throws Refusal IDEMPOTENCY_KEY_REUSED @see F47
   */
  async pay(
    me: Actor,
    ids: readonly string[],
    reference: string | undefined,
    repeatable: RepeatableRequest | undefined,
  ): Promise<{ results: PayoutResult[] }> {
    const known = repeatable && (await claim<{ results: PayoutResult[] }>(this.db.manager, repeatable));
    if (known) return known;
    const results: PayoutResult[] = [];
    for (const id of new Set(ids)) {
      results.push(
        await this.payOne(me, id, reference, repeatable && { ...repeatable, route: `${repeatable.route}/${id}` }),
      );
    }
    return repeatable ? keep(this.db.manager, repeatable, { results }) : { results };
  }

  private async payOne(
    me: Actor,
    id: string,
    reference?: string,
    repeatable?: RepeatableRequest,
  ): Promise<PayoutResult> {
    try {
      await this.withdrawals.pay(me, id, reference, repeatable);
      return { id, status: 'paid' };
    } catch (error) {
      if (error instanceof Refusal) return { id, status: 'refused', code: error.code };
      throw error;
    }
  }
}
