import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { JobsService } from '../jobs/jobs.service';
import { purgeAttempts } from './attempts/attempts.queries';
import { purgeSessions } from './sessions/sessions.queries';
import { purgeTokens } from './tokens/tokens.queries';

const EVERY_SECONDS = 60;

/**
 * Ends what has expired: sessions, links, and attempts that no longer count. Soon after it has, so that nothing comes to
 * life again when the clock of the database is put back. @see F15
 */
@Injectable()
export class AccountsPurgeService implements OnModuleInit {
  constructor(private readonly jobs: JobsService) {}

  onModuleInit(): void {
    this.jobs.register({
      kind: 'accountsPurge',
      everySeconds: EVERY_SECONDS,
      batchSize: 1,
      run: async (tx) => {
        await purgeSessions(tx);
        await purgeTokens(tx);
        await purgeAttempts(tx);
      },
    });
  }
}
