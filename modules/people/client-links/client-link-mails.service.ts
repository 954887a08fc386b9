import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Host } from '../../host';
import { localeFor } from '../../kernel/locale';
import { PROGRAM_OPTIONS } from '../../options';
import type { PartnerProgramOptions } from '../../options';
import { JobsService } from '../../platform/jobs/jobs.service';
import { MailService } from '../../platform/mail/mail.service';
import { Program } from '../../platform/program/program.service';
import { Partner } from '../partners/partner.entity';
import { ClientLink } from './client-link.entity';

interface Submitted {
  readonly linkId: string;
}

/** Mails about referrals of clients: to those who decide that one waits, to the partner how it was decided. */
@Injectable()
export class ClientLinkMails implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly jobs: JobsService,
    private readonly host: Host,
    private readonly mail: MailService,
    private readonly program: Program,
  ) {}

  onModuleInit(): void {
    this.jobs.register<Submitted>({
      kind: 'clientLinkSubmitted',
      perform: ({ payload }) => this.tellReviewers(payload.linkId),
    });
  }

  /** Who decides is asked of the host, which takes its time: by a job. */
  submitted(tx: EntityManager, linkId: string): Promise<void> {
    return this.jobs.add(tx, {
      key: `clientLink:${linkId}`,
      kind: 'clientLinkSubmitted',
      payload: { linkId } satisfies Submitted,
    });
  }

  async decided(
    tx: EntityManager,
    linkId: string,
    template: 'clientLinkApproved' | 'clientLinkRejected' | 'clientLinkEnded',
  ): Promise<void> {
    const link = await tx.findOneByOrFail(ClientLink, { id: linkId });
    const partner = await tx.findOneByOrFail(Partner, { id: link.partnerId });
    if (partner.status === 'left') return;
    await this.mail.send(tx, {
      key: `clientLink:${linkId}:${template}`,
      to: partner.email,
      template,
      locale: localeFor(partner, this.program.now),
      params: {
        name: partner.firstName,
        client: link.name,
        reason: link.reason ?? '',
        link: this.page('client-links'),
      },
    });
  }

  private async tellReviewers(linkId: string): Promise<void> {
    const link = await this.db.manager.findOneByOrFail(ClientLink, { id: linkId });
    if (link.status !== 'submitted') return;
    const partner = await this.db.manager.findOneByOrFail(Partner, { id: link.partnerId });
    const reviewers = new Map(
      [...(await this.host.usersWith('manageBalances')), ...(await this.host.usersWith('configure'))]
        .filter(({ id }) => id !== partner.userId)
        .map((user) => [user.id, user]),
    );
    await this.db.transaction(async (tx) => {
      for (const reviewer of reviewers.values()) {
        await this.mail.send(tx, {
          key: `clientLink:${linkId}:submitted:${reviewer.id}`,
          to: reviewer.email,
          template: 'clientLinkToReview',
          locale: localeFor(reviewer, this.program.now),
          params: {
            name: reviewer.firstName,
            partner: `${partner.firstName} ${partner.lastName}`,
            link: this.page('reviews'),
          },
        });
      }
    });
  }

  private page(path: string): string {
    return `${this.options.publicUrl}/partner-program/${path}`;
  }
}
