import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Host } from '../../../host';
import type { ContractChange } from '../../../host';
import { currentTime } from '../../../kernel/clock';
import { DAY_SECONDS } from '../../../kernel/day';
import { Refusal } from '../../../kernel/refusal';
import { transaction } from '../../../kernel/transaction';
import type { NewJob } from '../../../platform/jobs/jobs.queries';
import { JobsService } from '../../../platform/jobs/jobs.service';
import { Program } from '../../../platform/program/program.service';
import { contractJob } from '../accruals/contract-job';
import { reconciledUpTo, saveReconciledUpTo } from './reconciliation.queries';

const PAGE_SIZE = 500;

/**
 * Asks the host once a day for the changes it remembers and adds those that were never reported. A change reported before
 * has its job or its event already, so reporting it again changes nothing. @see F28
 */
@Injectable()
export class ReconciliationService implements OnModuleInit {
  private readonly logger = new Logger(ReconciliationService.name);

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly jobs: JobsService,
    private readonly program: Program,
  ) {}

  onModuleInit(): void {
    this.jobs.register({ kind: 'reconcile', everySeconds: DAY_SECONDS, perform: () => this.reconcile() });
  }

  /** The host is asked between transactions; the cursor moves with the jobs of its page. */
  private async reconcile(): Promise<void> {
    for (;;) {
      const before = await reconciledUpTo(this.db.manager);
      const { changes, cursor } = await this.host.contractsChangedSince(before, PAGE_SIZE);
      const now = currentTime();
      await transaction(this.db, async (tx) => {
        await this.jobs.add(tx, ...changes.flatMap((change) => this.jobOf(change, now)));
        await saveReconciledUpTo(tx, cursor);
      });
      if (changes.length < PAGE_SIZE) return;
      if (cursor === before) {
        throw new Error(
          'Host.contractsChangedSince gave a full page and the same cursor: what comes after it is never read.',
        );
      }
    }
  }

  /**
   * A change that cannot be calculated is the host's to mend; it keeps no other from being reported. One from the future, by
   * a clock that is wrong here or there, waits until the clock of the database has come to it. @see F15
   */
  private jobOf(change: ContractChange, now: Date): NewJob[] {
    try {
      const { units } = this.program.now;
      // One that waits is looked at as it will be when it is due.
      if (change.occurredAt <= now) return [contractJob(change, { now, units })];
      return [{ ...contractJob(change, { now: change.occurredAt, units }), dueAt: change.occurredAt }];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.logger.error(`Version ${change.version} of contract ${change.id} cannot be calculated: ${error.code}`);
      return [];
    }
  }
}
