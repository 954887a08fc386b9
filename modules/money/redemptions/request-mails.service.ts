import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Host } from '../../host';
import type { HostUser } from '../../host';
import { localeFor } from '../../kernel/locale';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { JobsService } from '../../platform/jobs/jobs.service';
import { MailService } from '../../platform/mail/mail.service';
import type { Mail } from '../../platform/mail/mail.service';
import { Program } from '../../platform/program/program.service';
import { Messages } from '../../platform/web/pages/messages.service';
import { withdrawalById } from './withdrawals.queries';
import type { WithdrawalRow } from './withdrawals.queries';

interface Requested {
  readonly withdrawalId: string;
}

/**
 * Mails about a request that was made: to the partner that it arrived, to those who settle it that it waits.
 * @see S2
 */
@Injectable()
export class RequestMails implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly jobs: JobsService,
    private readonly host: Host,
    private readonly mail: MailService,
    private readonly messages: Messages,
    private readonly program: Program,
  ) {}

  onModuleInit(): void {
    this.jobs.register<Requested>({
      kind: 'withdrawalRequested',
      perform: ({ payload }) => this.write(payload.withdrawalId),
    });
  }

  /** Nobody settles the own request, and nobody needs to hear of one that is settled already. */
  private async write(withdrawalId: string): Promise<void> {
    const withdrawal = await withdrawalById(this.db.manager, withdrawalId);
    if (withdrawal?.status !== 'pending') return;
    const managers = (await this.host.usersWith('manageBalances')).filter(({ email }) => email !== withdrawal.email);
    await this.db.transaction(async (tx) => {
      const locale = localeFor(withdrawal, this.program.now);
      await this.mail.send(tx, {
        key: `withdrawal:${withdrawalId}:requested`,
        to: withdrawal.email,
        template: 'withdrawalRequested',
        locale,
        params: { name: withdrawal.name, amount: this.messages.money(locale, withdrawal) },
      });
      for (const manager of managers) await this.mail.send(tx, this.toSettle(withdrawal, manager));
    });
  }

  private toSettle(withdrawal: WithdrawalRow, manager: HostUser): Mail {
    const { id, email: to, firstName: name } = manager;
    const locale = localeFor(manager, this.program.now);
    const link = `${this.options.publicUrl}/partner-program/withdrawals`;
    return {
      key: `withdrawal:${withdrawal.id}:requested:${id}`,
      to,
      template: 'withdrawalToSettle',
      locale,
      params: { name, partner: withdrawal.name, amount: this.messages.money(locale, withdrawal), link },
    };
  }
}
