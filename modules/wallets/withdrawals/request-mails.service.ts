import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Host } from '../../host';
import type { HostUser } from '../../host';
import { JobsService } from '../../jobs/jobs.service';
import { LOCALES } from '../../kernel/locale';
import { MailService } from '../../mail/mail.service';
import type { Mail } from '../../mail/mail.service';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { SettingsService } from '../../settings/settings.service';
import { formatMoney } from '../../web/pages/formats';
import { withdrawalById } from './withdrawals.queries';
import type { WithdrawalRow } from './withdrawals.queries';

interface Requested {
  readonly withdrawalId: string;
}

/**
 * Mails about a request that was made: to the partner that it arrived, to those who settle it that it waits. The table of
 * withdrawals adds the job with the request.
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
    private readonly settings: SettingsService,
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
      const locale = withdrawal.locale ?? (await this.settings.get(tx)).locale;
      await this.mail.send(tx, {
        key: `withdrawal:${withdrawalId}:requested`,
        to: withdrawal.email,
        template: 'withdrawalRequested',
        locale,
        params: { name: withdrawal.name, amount: formatMoney(locale, withdrawal) },
      });
      for (const manager of managers) await this.mail.send(tx, this.toSettle(withdrawal, manager));
    });
  }

  private toSettle(withdrawal: WithdrawalRow, { id, email: to, firstName: name, locale: own }: HostUser): Mail {
    const locale = own ?? this.options.locale ?? LOCALES[0];
    const link = `${this.options.publicUrl}/partner-program/withdrawals`;
    return {
      key: `withdrawal:${withdrawal.id}:requested:${id}`,
      to,
      template: 'withdrawalToSettle',
      locale,
      params: { name, partner: withdrawal.name, amount: formatMoney(locale, withdrawal), link },
    };
  }
}
