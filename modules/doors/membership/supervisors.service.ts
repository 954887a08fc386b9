import { Injectable } from '@nestjs/common';
import { Host } from '../../host';
import type { HostUser } from '../../host';
import { Refusal } from '../../kernel/refusal';
import { PartnersService } from '../../people/partners/partners.service';
import type { Actor } from '../../platform/web/access/actor';

/** As much of a person as somebody else may read. */
export type PersonName = Pick<HostUser, 'id' | 'firstName' | 'lastName'>;

/** Why somebody cannot join at all, and so nobody below. */
export type CannotJoin = 'noPermission' | 'deactivated' | 'circle';

/** A supervisor who has not joined; `why` says that it is not for want of trying. */
export interface MissingSupervisor extends PersonName {
  readonly why?: CannotJoin;
}

/** The way up from a CRM user to the first partner. */
export interface WayUp {
  /** The supervisors on it who have not joined, the topmost first. */
  readonly missing: readonly MissingSupervisor[];
  /** The partner whom it ends at; null where it ends at the top. */
  readonly sponsorId: string | null;
}

/** Longer chains of supervisors are taken for a circle in the host's data. */
const MAX_CHAIN = 100;

/** Who stands above a CRM user in the employee hierarchy, and has joined or not. @see P3 P21 */
@Injectable()
export class SupervisorsService {
  constructor(
    private readonly host: Host,
    private readonly partners: PartnersService,
  ) {}

  /** The CRM user who sends a request. @throws Refusal FORBIDDEN for a person without a CRM account */
  async userOf({ userId }: Actor): Promise<HostUser> {
    const [user] = userId === null ? [] : await this.host.users([userId]);
    if (!user) throw new Refusal('FORBIDDEN', { permission: 'participate' });
    return user;
  }

  /** The way up from a user, as the host has it now. */
  async above(userId: string): Promise<WayUp> {
    const ids: string[] = [];
    for (let id = await this.host.supervisorOf(userId); id !== null; id = await this.host.supervisorOf(id)) {
      const sponsorId = (await this.partners.ofUsers([id])).get(id);
      if (sponsorId !== undefined) return { missing: await this.named(ids), sponsorId };
      if (id === userId || ids.includes(id) || ids.length === MAX_CHAIN) {
        return { missing: (await this.named(ids)).map((person) => ({ ...person, why: 'circle' })), sponsorId: null };
      }
      ids.unshift(id);
    }
    return { missing: await this.named(ids), sponsorId: null };
  }

  /** Whether a user could join, as far as the host lets him; undefined where he could. */
  async hindrance(user: HostUser | undefined): Promise<CannotJoin | undefined> {
    if (!user || user.active === false) return 'deactivated';
    return (await this.host.permissionsOf(user.id)).has('participate') ? undefined : 'noPermission';
  }

  /** Everybody directly below a user, without those who have left the company. */
  async below(userId: string): Promise<HostUser[]> {
    if (this.host.subordinatesOf) return this.host.subordinatesOf(userId);
    const users: HostUser[] = [];
    for (const user of await this.host.usersWith('participate')) {
      if ((await this.host.supervisorOf(user.id)) === userId) users.push(user);
    }
    return users;
  }

  private async named(ids: readonly string[]): Promise<MissingSupervisor[]> {
    const users = new Map((await this.host.users(ids)).map((user) => [user.id, user]));
    const missing: MissingSupervisor[] = [];
    for (const id of ids) {
      const user = users.get(id);
      const why = await this.hindrance(user);
      missing.push({ id, firstName: user?.firstName ?? '', lastName: user?.lastName ?? '', ...(why && { why }) });
    }
    return missing;
  }
}
