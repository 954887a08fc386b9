import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { JobsService } from '../../jobs/jobs.service';
import { MailService } from '../../mail/mail.service';
import { letterOf } from '../letters/notification-letter';
import { advanceGathering, tellOfCommissions } from './gathering.queries';

const EVERY_SECONDS = 3_600;

/**
 * Gathers commissions: once an hour, each partner is told in one notification what the last hour came to, taken back
 * included. Nothing of it runs where commissions are calculated. One worker calculates at a time and numbers its
 * calculations as it commits them, so that none appears below one that was gathered.
 */
@Injectable()
export class GatheringService implements OnModuleInit {
  constructor(
    private readonly jobs: JobsService,
    private readonly mail: MailService,
  ) {}

  onModuleInit(): void {
    this.jobs.register({
      kind: 'gatherCommissions',
      everySeconds: EVERY_SECONDS,
      batchSize: 1,
      run: (tx) => this.gather(tx),
    });
  }

  private async gather(tx: EntityManager): Promise<void> {
    const stretch = await advanceGathering(tx);
    const ids = await tellOfCommissions(tx, stretch);
    await this.mail.sendLetter(tx, ...ids.map(letterOf));
  }
}
