import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';
import type { TransactionCommitEvent } from 'typeorm/subscriber/event/TransactionCommitEvent';
import type { TransactionRollbackEvent } from 'typeorm/subscriber/event/TransactionRollbackEvent';
import type { Money } from '../kernel/money';
import { Metrics } from '../platform/metrics/metrics.service';
import type { Posting } from './posting';

type Posted = Pick<Posting, 'kind'> & { readonly moves: readonly Money[] };

/** Counts each posting once, when its transaction is committed: what was rolled back has never happened. */
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
    for (const { kind, moves } of this.uncommitted.get(queryRunner) ?? []) {
      this.metrics.postings.inc({ kind });
      for (const { currency, amountMinor } of moves) this.metrics.posted.inc({ kind, currency }, amountMinor);
    }
    this.uncommitted.delete(queryRunner);
  }

  afterTransactionRollback({ queryRunner }: TransactionRollbackEvent): void {
    if (!queryRunner.isTransactionActive) this.uncommitted.delete(queryRunner);
  }
}
