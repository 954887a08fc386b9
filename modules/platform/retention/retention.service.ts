import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DAY_SECONDS } from '../../kernel/day';
import { changed } from '../../kernel/query';
import type { NamedStatement } from '../../kernel/query';
import { JOBS_RETENTION } from '../jobs/jobs.queries';
import { JobsService } from '../jobs/jobs.service';

/** What is not kept for good: an UPDATE or a DELETE of what is older than $1 days, of at most $2 rows. */
export interface Retention extends NamedStatement {
  /** What goes, as the operator reads it. */
  readonly what: string;
  /** 0: as soon as it has expired. */
  readonly days: number;
  /** How often it is looked for; once a day where not given. */
  readonly everySeconds?: number;
}

const BATCH_SIZE = 10_000;

/** Deletes what is of no use any more; every room says of its own tables what that is. One job for each period. */
@Injectable()
export class RetentionService {
  /** In the order of registration, in which they are run. */
  readonly lines: Retention[] = [];

  constructor(private readonly jobs: JobsService) {
    this.register(JOBS_RETENTION);
  }

  /** Called by a room when the module starts. */
  register(lines: readonly Retention[]): void {
    for (const line of lines) {
      const everySeconds = periodOf(line);
      if (!this.lines.some((known) => periodOf(known) === everySeconds)) {
        const kind = everySeconds === DAY_SECONDS ? 'retention' : `retention-${everySeconds}s`;
        this.jobs.register({ kind, everySeconds, batchSize: 1, run: (tx) => this.purge(tx, everySeconds) });
      }
      this.lines.push(line);
    }
  }

  private async purge(tx: EntityManager, everySeconds: number): Promise<void> {
    for (const line of this.lines.filter((each) => periodOf(each) === everySeconds)) {
      while ((await changed(tx, line, [line.days, BATCH_SIZE])) === BATCH_SIZE);
    }
  }
}

function periodOf({ everySeconds = DAY_SECONDS }: Retention): number {
  return everySeconds;
}
