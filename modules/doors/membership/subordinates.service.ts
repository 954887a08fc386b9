import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { HostUser } from '../../host';
import { currentTime } from '../../kernel/clock';
import { secondsLeftOfDay } from '../../kernel/day';
import { localeFor } from '../../kernel/locale';
import { Refusal } from '../../kernel/refusal';
import { PartnersService } from '../../people/partners/partners.service';
import { MailService } from '../../platform/mail/mail.service';
import { Program } from '../../platform/program/program.service';
import type { Actor } from '../../platform/web/access/actor';
import { addJoinInvitation, lastInvited } from './membership.queries';
import { SupervisorsService } from './supervisors.service';
import type { CannotJoin } from './supervisors.service';

/** A CRM user directly below who has not joined. */
export interface Subordinate {
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  /** The day of the last invitation: `2026-03-29`. */
  readonly invitedAt?: string;
  readonly canJoin: boolean;
  readonly reason?: CannotJoin | 'SUPERVISOR_NOT_JOINED';
}

/** The manager's view of those who stand below in the CRM and are not in the program yet. @see P21 */
@Injectable()
export class SubordinatesService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly partners: PartnersService,
    private readonly supervisors: SupervisorsService,
    private readonly mail: MailService,
    private readonly program: Program,
  ) {}

  async of(actor: Actor): Promise<Subordinate[]> {
    const me = await this.supervisors.userOf(actor);
    const missing = await this.missingBelow(me.id);
    const invited = await lastInvited(
      this.db.manager,
      missing.map(({ id }) => id),
    );
    const rows: Subordinate[] = [];
    for (const user of missing) {
      const { id: userId, firstName, lastName } = user;
      const invitedAt = invited.get(userId);
      const reason = await this.hindrance(me, user);
      rows.push({
        userId,
        firstName,
        lastName,
        ...(invitedAt !== undefined && { invitedAt }),
        canJoin: reason === undefined,
        ...(reason && { reason }),
      });
    }
    return rows;
  }

  /**
   * Mails a subordinate that the way into the program is free.
   * @throws Refusal NOT_FOUND for anybody else, NOT_A_PARTNER before joining oneself, SUBORDINATE_CANNOT_JOIN (`why`),
   *         ALREADY_INVITED after the first of a day
   */
  async invite(actor: Actor, userId: string): Promise<void> {
    const me = await this.supervisors.userOf(actor);
    const user = (await this.missingBelow(me.id)).find(({ id }) => id === userId);
    if (!user) throw new Refusal('NOT_FOUND');
    const why = await this.hindrance(me, user);
    if (why === 'SUPERVISOR_NOT_JOINED') throw new Refusal('NOT_A_PARTNER');
    if (why) throw new Refusal('SUBORDINATE_CANNOT_JOIN', { why });
    await this.db.transaction(async (tx) => {
      const day = await addJoinInvitation(tx, userId, me.id);
      if (day === undefined) {
        throw new Refusal('ALREADY_INVITED', {
          retryAfterSeconds: secondsLeftOfDay(currentTime(), this.program.now.timeZone),
        });
      }
      await this.mail.send(tx, {
        key: `joinInvitation:${userId}:${day}`,
        to: user.email,
        template: 'joinInvitation',
        locale: localeFor(user, this.program.now),
        params: { name: user.firstName, supervisor: `${me.firstName} ${me.lastName}` },
      });
    });
  }

  private async missingBelow(userId: string): Promise<HostUser[]> {
    const below = await this.supervisors.below(userId);
    const joined = await this.partners.ofUsers(below.map(({ id }) => id));
    return below.filter(({ id }) => !joined.has(id));
  }

  private async hindrance(me: HostUser, user: HostUser): Promise<Subordinate['reason']> {
    const own = await this.supervisors.hindrance(user);
    if (own) return own;
    return (await this.partners.byUser(me.id)) ? undefined : 'SUPERVISOR_NOT_JOINED';
  }
}
