import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Host } from '../../host';
import type { HostUser } from '../../host';
import { localeFor } from '../../kernel/locale';
import { PartnersService } from '../../people/partners/partners.service';
import { JobsService } from '../../platform/jobs/jobs.service';
import { MailService } from '../../platform/mail/mail.service';
import { Program } from '../../platform/program/program.service';
import { remindedBy } from './membership.queries';

interface SupervisorJoined {
  readonly supervisorId: string;
}

/** Tells those who waited for their supervisor to join that they can join now. @see P3 */
@Injectable()
export class SupervisorJoinedService implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly host: Host,
    private readonly partners: PartnersService,
    private readonly mail: MailService,
    private readonly program: Program,
  ) {}

  onModuleInit(): void {
    this.jobs.register<SupervisorJoined>({
      kind: 'supervisorJoined',
      perform: ({ payload }) => this.notify(payload.supervisorId),
    });
  }

  /** Takes effect once the caller's transaction is committed: nobody hears of a joining that failed. */
  announce(tx: EntityManager, supervisorId: string): Promise<void> {
    return this.jobs.add(tx, {
      key: `supervisorJoined:${supervisorId}`,
      kind: 'supervisorJoined',
      payload: { supervisorId },
    });
  }

  private async notify(supervisorId: string): Promise<void> {
    const waiting = await this.waitingFor(supervisorId);
    const [supervisor] = waiting.length === 0 ? [] : await this.host.users([supervisorId]);
    if (!supervisor) return;
    await this.db.transaction(async (tx) => {
      for (const user of waiting) {
        const { id, email, firstName } = user;
        await this.mail.send(tx, {
          key: `supervisorJoined:${id}:${supervisorId}`,
          to: email,
          template: 'supervisorJoined',
          locale: localeFor(user, this.program.now),
          params: { name: firstName, supervisor: `${supervisor.firstName} ${supervisor.lastName}` },
        });
      }
    });
  }

  /** Who asked for it, still stands directly below and has not joined meanwhile. */
  private async waitingFor(supervisorId: string): Promise<HostUser[]> {
    const asked = await remindedBy(this.db.manager, supervisorId);
    const joined = await this.partners.ofUsers(asked);
    const below: string[] = [];
    for (const userId of asked) {
      if (!joined.has(userId) && (await this.host.supervisorOf(userId)) === supervisorId) below.push(userId);
    }
    return below.length === 0 ? [] : this.host.users(below);
  }
}
