import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { JobsService } from '../jobs/jobs.service';
import { purgeAttempts } from './attempts/attempts.queries';
import { purgeSessions } from './sessions/sessions.queries';
import { purgeTokens } from './tokens/tokens.queries';

const HOUR_SECONDS = 3_600;

/** Forgets what has expired: sessions, links, and attempts that no longer count. */
@Injectable()
export class AccountsPurgeService implements OnModuleInit {
  constructor(private readonly jobs: JobsService) {}

  onModuleInit(): void {
    this.jobs.register({
      kind: 'accountsPurge',
      everySeconds: HOUR_SECONDS,
      batchSize: 1,
      run: async (tx) => {
        await purgeSessions(tx);
        await purgeTokens(tx);
        await purgeAttempts(tx);
      },
    });
  }
}
