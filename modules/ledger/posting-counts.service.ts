import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import type { TransactionCommitEvent } from 'typeorm/subscriber/event/TransactionCommitEvent';
import type { TransactionRollbackEvent } from 'typeorm/subscriber/event/TransactionRollbackEvent';
import type { Money } from '../kernel/money';
import { Metrics } from '../metrics/metrics.service';
import type { PostingKind } from './ledger.service';

/** What a posting is counted by. */
interface Posted {
  readonly kind: PostingKind;
  /** Its credits are summed. */
  readonly entries: readonly Money[];
}

/** Counts postings once their transaction is committed: what was rolled back has never happened. */
@Injectable()
export class PostingCounts implements EntitySubscriberInterface, OnModuleInit {
  private readonly uncommitted = new WeakMap<QueryRunner, Posted[]>();

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.db.subscribers.push(this);
  }

  add({ queryRunner }: EntityManager, postings: readonly Posted[]): void {
    if (queryRunner) this.uncommitted.set(queryRunner, [...(this.uncommitted.get(queryRunner) ?? []), ...postings]);
  }

  afterTransactionCommit({ queryRunner }: TransactionCommitEvent): void {
    if (queryRunner.isTransactionActive) return; // a savepoint
    for (const { kind, entries } of this.uncommitted.get(queryRunner) ?? []) {
      this.metrics.postings.inc({ kind });
      for (const { currency, amountMinor } of entries) {
        if (amountMinor > 0) this.metrics.posted.inc({ kind, currency }, amountMinor);
      }
    }
    this.uncommitted.delete(queryRunner);
  }

  afterTransactionRollback({ queryRunner }: TransactionRollbackEvent): void {
    if (!queryRunner.isTransactionActive) this.uncommitted.delete(queryRunner);
  }
}
