import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Host } from '../../host';
import { localeFor } from '../../kernel/locale';
import { Refusal } from '../../kernel/refusal';
import { transaction } from '../../kernel/transaction';
import { PartnersService } from '../../people/partners/partners.service';
import { attributeChanges, recordChange } from '../../platform/audit/audit.queries';
import type { Signature } from '../../platform/audit/audit.queries';
import { MailService } from '../../platform/mail/mail.service';
import { Program } from '../../platform/program/program.service';
import { JoinException } from './join-exception.entity';
import { SupervisorsService } from './supervisors.service';
import type { MissingSupervisor } from './supervisors.service';

/** Somebody whose supervisor cannot join. */
export interface StuckUser {
  readonly userId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly supervisor: MissingSupervisor;
}

/** Of a long list only the beginning is looked at: every user is a question to the host. */
const MAX_LOOKED_AT = 500;

/** Leave to join without the own supervisor, where that one cannot join. @see P21 */
@Injectable()
export class ExceptionsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly partners: PartnersService,
    private readonly supervisors: SupervisorsService,
    private readonly mail: MailService,
    private readonly program: Program,
  ) {}

  /** Who may take part, has not joined, and cannot because of the own supervisor. */
  async stuck(): Promise<StuckUser[]> {
    const users = await this.host.usersWith('participate');
    const ids = users.map(({ id }) => id);
    const joined = await this.partners.ofUsers(ids);
    const excepted = new Set((await this.db.manager.find(JoinException)).map(({ userId }) => userId));
    const stuck: StuckUser[] = [];
    for (const user of users.filter(({ id }) => !joined.has(id) && !excepted.has(id)).slice(0, MAX_LOOKED_AT)) {
      const supervisor = (await this.supervisors.above(user.id)).missing.at(-1);
      if (!supervisor?.why) continue;
      stuck.push({ userId: user.id, firstName: user.firstName, lastName: user.lastName, supervisor });
    }
    return stuck;
  }

  /**
   * From now on the user may join, below the next one above who has joined, and is told so. A second time changes nothing.
   * @throws Refusal USER_UNKNOWN, ALREADY_JOINED, NO_EXCEPTION_NEEDED
   */
  async grant(by: Signature, userId: string, reason: string): Promise<{ userId: string; sponsorId: string | null }> {
    const [user] = await this.host.users([userId]);
    if (!user) throw new Refusal('USER_UNKNOWN');
    if (await this.partners.byUser(userId)) throw new Refusal('ALREADY_JOINED');
    const { missing, sponsorId } = await this.supervisors.above(userId);
    if (missing.length === 0) throw new Refusal('NO_EXCEPTION_NEEDED');
    return transaction(this.db, async (tx) => {
      await attributeChanges(tx, by);
      const granted = await tx
        .createQueryBuilder()
        .insert()
        .into(JoinException)
        .values({ userId, reason, grantedBy: by.ref })
        .orIgnore()
        .returning('user_id')
        .execute();
      if ((granted.raw as unknown[]).length === 0) return { userId, sponsorId };
      await recordChange(tx, {
        action: 'membership.excepted',
        objectType: 'user',
        objectId: userId,
        partnerId: null,
        after: { userId, name: `${user.firstName} ${user.lastName}` },
        reason,
      });
      await this.mail.send(tx, {
        key: `joinAllowed:${userId}`,
        to: user.email,
        template: 'joinAllowed',
        locale: localeFor(user, this.program.now),
        params: { name: user.firstName },
      });
      return { userId, sponsorId };
    });
  }
}
