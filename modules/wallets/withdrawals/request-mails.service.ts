import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Host } from '../../host';
import { JobsService } from '../../jobs/jobs.service';
import { LOCALES } from '../../kernel/locale';
import type { Locale } from '../../kernel/locale';
import { mailJob, MailService } from '../../mail/mail.service';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { formatMoney } from '../../web/pages/formats';
import { withdrawalById } from './withdrawals.queries';
import type { WithdrawalRow } from './withdrawals.queries';

interface Requested {
  readonly withdrawalId: string;
}

/** Mails about a request that was made: to the partner that it arrived, to those who settle it that it waits. @see S2 */
@Injectable()
export class RequestMails implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly jobs: JobsService,
    private readonly host: Host,
    private readonly mail: MailService,
  ) {}

  onModuleInit(): void {
    this.jobs.register<Requested>({
      kind: 'withdrawalRequested',
      perform: ({ payload }) => this.tellManagers(payload.withdrawalId),
    });
  }

  /**
   * Takes effect once the caller's transaction is committed: nobody hears of a request that was refused.
   * @param locale of the program, for a partner who has chosen none
   */
  announce(tx: EntityManager, withdrawal: WithdrawalRow, locale: Locale): Promise<void> {
    const { id: withdrawalId, name, email: to, locale: own } = withdrawal;
    const mail = {
      key: `withdrawal:${withdrawalId}:requested`,
      to,
      template: 'withdrawalRequested',
      locale: own ?? locale,
      params: { name, amount: formatMoney(own ?? locale, withdrawal) },
    };
    return this.jobs.add(tx, mailJob(mail), {
      key: `withdrawalRequested:${withdrawalId}`,
      kind: 'withdrawalRequested',
      payload: { withdrawalId },
    });
  }

  /** Nobody settles the own request, and nobody needs to hear of one that is settled already. */
  private async tellManagers(withdrawalId: string): Promise<void> {
    const withdrawal = await withdrawalById(this.db.manager, withdrawalId);
    if (withdrawal?.status !== 'pending') return;
    const managers = (await this.host.usersWith('manageBalances')).filter(({ email }) => email !== withdrawal.email);
    await this.db.transaction(async (tx) => {
      for (const { id, email: to, firstName: name, locale: own } of managers) {
        const locale = own ?? this.options.locale ?? LOCALES[0];
        const amount = formatMoney(locale, withdrawal);
        await this.mail.send(tx, {
          key: `withdrawal:${withdrawalId}:requested:${id}`,
          to,
          template: 'withdrawalToSettle',
          locale,
          params: {
            name,
            partner: withdrawal.name,
            amount,
            link: `${this.options.publicUrl}/partner-program/withdrawals`,
          },
        });
      }
    });
  }
}
