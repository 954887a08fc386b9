import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AccountsService } from '../../../people/accounts/accounts.service';
import { DeparturesService } from '../../../people/partners/departures/departures.service';
import { attributeChanges } from '../../../platform/audit/audit.queries';
import { JobsService } from '../../../platform/jobs/jobs.service';
import { lockTimeline } from '../../../platform/timeline/timeline.queries';
import { ERASED_AFTER_DAYS } from './erase-date';
import { dueForErasure, erase, lapsedRegistrations } from './erasure.queries';

const HOUR_SECONDS = 3_600;
const BATCH_SIZE = 100;
/**
 * A link that confirms an address works for two days and can be asked for again. Whoever has not done so for a month
 * mistyped the address, or never owned it; its owner shall be able to use it.
 */
const UNCONFIRMED_DAYS = 30;

/** Nobody asks for it: it is the program's own duty. */
const PROGRAM = { ref: 'program' };

/** Forgets who former partners were. Their rows stay, because the tree and the ledger name them by their ids. */
@Injectable()
export class ErasureService implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly departures: DeparturesService,
    private readonly accounts: AccountsService,
  ) {}

  onModuleInit(): void {
    const handler = { everySeconds: HOUR_SECONDS, batchSize: 1 };
    this.jobs.register({ ...handler, kind: 'erasure', run: (tx) => this.eraseFormer(tx, ERASED_AFTER_DAYS) });
    this.jobs.register({ ...handler, kind: 'lapsed-registrations', run: (tx) => this.endLapsed(tx, UNCONFIRMED_DAYS) });
  }

  /** Erases who left so many days ago, once nothing is owed on either side: paying takes an account number. */
  async eraseFormer(tx: EntityManager, days: number): Promise<void> {
    await attributeChanges(tx, PROGRAM);
    await erase(tx, await dueForErasure(tx, days, BATCH_SIZE));
  }

  /**
   * Ends registrations that were not confirmed for so many days, as if they had left: the address is free at once, and
   * the rest is erased as for everybody.
   *
   * @param tx a transaction in which nothing of this room ran before: the tree is locked first
   */
  async endLapsed(tx: EntityManager, days: number): Promise<void> {
    await lockTimeline(tx);
    await attributeChanges(tx, PROGRAM);
    for (const id of await lapsedRegistrations(tx, days, BATCH_SIZE)) {
      await this.departures.leave(tx, id, PROGRAM.ref);
      await this.accounts.close(tx, id);
    }
  }
}
