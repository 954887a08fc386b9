import { Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Host } from '../host';
import type { HostUser } from '../host';
import { JobsService } from '../jobs/jobs.service';
import { LOCALES } from '../kernel/locale';
import { MailService } from '../mail/mail.service';
import { PartnersService } from '../partners/partners.service';
import { remindedBy } from './membership.queries';

interface WayFree {
  readonly supervisorId: string;
}

/** Tells those who waited for their supervisor to join that they can join now. @see P3 */
@Injectable()
export class WayFreeService implements OnModuleInit {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly jobs: JobsService,
    private readonly host: Host,
    private readonly partners: PartnersService,
    private readonly mail: MailService,
  ) {}

  onModuleInit(): void {
    this.jobs.register<WayFree>({ kind: 'wayFree', perform: ({ payload }) => this.tell(payload.supervisorId) });
  }

  /** Takes effect once the caller's transaction is committed: nobody hears of a joining that failed. */
  announce(tx: EntityManager, supervisorId: string): Promise<void> {
    return this.jobs.add(tx, { key: `wayFree:${supervisorId}`, kind: 'wayFree', payload: { supervisorId } });
  }

  private async tell(supervisorId: string): Promise<void> {
    const waiting = await this.waitingFor(supervisorId);
    const [supervisor] = waiting.length === 0 ? [] : await this.host.users([supervisorId]);
    if (!supervisor) return;
    await this.db.transaction(async (tx) => {
      for (const { id, email, firstName, locale } of waiting) {
        await this.mail.send(tx, {
          key: `wayFree:${id}:${supervisorId}`,
          to: email,
          template: 'wayFree',
          locale: locale ?? LOCALES[0],
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
