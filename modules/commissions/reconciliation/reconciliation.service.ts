import { Injectable, Logger } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Host } from '../../host';
import type { ContractChange } from '../../host';
import type { NewJob } from '../../jobs/jobs.queries';
import { JobsService } from '../../jobs/jobs.service';
import { Refusal } from '../../kernel/refusal';
import { transaction } from '../../kernel/transaction';
import { contractJob } from '../accruals/contract-job';
import { reconciledUpTo, saveReconciledUpTo } from './reconciliation.queries';

const DAY_SECONDS = 86_400;
const PAGE_SIZE = 500;

/**
 * Asks the host once a day for the changes it remembers and adds those that were never told. A change told before
 * has its job or its event already, so telling it again changes nothing. @see F28
 */
@Injectable()
export class ReconciliationService implements OnModuleInit {
  private readonly logger = new Logger(ReconciliationService.name);

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly jobs: JobsService,
  ) {}

  onModuleInit(): void {
    this.jobs.register({ kind: 'reconcile', everySeconds: DAY_SECONDS, perform: () => this.reconcile() });
  }

  /** The host is asked between transactions; the cursor moves with the jobs of its page. */
  private async reconcile(): Promise<void> {
    for (;;) {
      const { changes, cursor } = await this.host.contractsChangedSince(
        await reconciledUpTo(this.db.manager),
        PAGE_SIZE,
      );
      const now = new Date();
      await transaction(this.db, async (tx) => {
        await this.jobs.add(tx, ...changes.flatMap((change) => this.jobOf(change, now)));
        await saveReconciledUpTo(tx, cursor);
      });
      if (changes.length < PAGE_SIZE) return;
    }
  }

  /**
   * A change that cannot be calculated is the host's to mend; it keeps no other from being told. One from the future, by
   * a clock that is wrong here or there, waits until the clock of the database has come to it. @see F15
   */
  private jobOf(change: ContractChange, now: Date): NewJob[] {
    try {
      return [change.occurredAt > now ? waitingFor(change) : contractJob(change, now)];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.logger.error(`Version ${change.version} of contract ${change.id} cannot be calculated: ${error.code}`);
      return [];
    }
  }
}

function waitingFor(change: ContractChange): NewJob {
  return { ...contractJob(change, change.occurredAt), dueAt: change.occurredAt };
}
