import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Host } from '../../host';
import type { HostUser } from '../../host';
import { currentTime } from '../../kernel/clock';
import { secondsLeftOfDay } from '../../kernel/day';
import { localeFor } from '../../kernel/locale';
import { Refusal } from '../../kernel/refusal';
import { transaction } from '../../kernel/transaction';
import { AccountsService } from '../../people/accounts/accounts.service';
import { DeparturesService } from '../../people/partners/departures/departures.service';
import type { Partner } from '../../people/partners/partner.entity';
import { PartnersService } from '../../people/partners/partners.service';
import { PlacementsService } from '../../people/partners/tree/placements.service';
import { attributeChanges } from '../../platform/audit/audit.queries';
import type { Signature } from '../../platform/audit/audit.queries';
import { MailService } from '../../platform/mail/mail.service';
import { Program } from '../../platform/program/program.service';
import { TermsService } from '../../rules/documents/terms.service';
import type { AcceptanceContext } from '../../rules/documents/terms.service';
import { InvitationsService } from '../invitations/invitations.service';
import { JoinException } from './join-exception.entity';
import { addReminder } from './membership.queries';
import { SupervisorJoinedService } from './supervisor-joined.service';
import { SupervisorsService } from './supervisors.service';
import type { MissingSupervisor, PersonName, WayUp } from './supervisors.service';

/** What keeps somebody from joining. @see P3 P21 */
export type Obstacle =
  | {
      readonly code: 'SUPERVISOR_NOT_JOINED';
      /** Joins next. */
      readonly supervisor: PersonName;
      /** Everybody still missing, the top first. */
      readonly chain: readonly MissingSupervisor[];
    }
  | {
      readonly code: 'SUPERVISOR_CANNOT_JOIN';
      readonly supervisor: PersonName;
      readonly why: NonNullable<MissingSupervisor['why']>;
    }
  | { readonly code: 'NO_TERMS' };

export interface Membership {
  readonly state: 'none' | 'partner';
  readonly eligible: boolean;
  readonly reasons: readonly Obstacle[];
  readonly terms?: { readonly versionId: string; readonly title: string; readonly sha256: string };
  /** The data the partner account is made of. */
  readonly account: Omit<HostUser, 'id' | 'locale' | 'active'>;
}

/** How CRM users become partners: their supervisors before them, the terms accepted. @see P3 P5 P6 P21 */
@Injectable()
export class MembershipService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly partners: PartnersService,
    private readonly departures: DeparturesService,
    private readonly placements: PlacementsService,
    private readonly accounts: AccountsService,
    private readonly invitations: InvitationsService,
    private readonly terms: TermsService,
    private readonly mail: MailService,
    private readonly supervisors: SupervisorsService,
    private readonly supervisorJoined: SupervisorJoinedService,
    private readonly program: Program,
  ) {}

  async of(user: HostUser): Promise<Membership> {
    const { id, firstName, lastName, email, phone } = user;
    const partner = await this.partners.byUser(id);
    const terms = await this.terms.inForce();
    const reasons: Obstacle[] = partner ? [] : [...obstaclesOn(await this.wayUp(id))];
    if (!partner && !terms) reasons.push({ code: 'NO_TERMS' });
    return {
      state: partner ? 'partner' : 'none',
      eligible: !partner && reasons.length === 0,
      reasons,
      ...(terms ? { terms: { versionId: terms.id, title: terms.title, sha256: terms.sha256 } } : {}),
      account: { firstName, lastName, email, phone },
    };
  }

  /**
   * Opens the partner account of a CRM user, under the supervisor's, and records the acceptance of the terms; who asked
   * for it hears that the way is free. Somebody who is a partner already, by the same confirmed address, stays that one,
   * logs in through the CRM from now on and moves below the supervisor; somebody who left comes back to the old place.
   * @throws Refusal ALREADY_JOINED, NO_TERMS, SUPERVISOR_NOT_JOINED and SUPERVISOR_CANNOT_JOIN (`supervisor`),
   *         TERMS_OUTDATED (`versionId`)
   */
  async join(user: HostUser, termsVersionId: string, context: AcceptanceContext & Signature): Promise<Partner> {
    if (await this.partners.byUser(user.id)) throw new Refusal('ALREADY_JOINED');
    await this.terms.requireInForce(this.db.manager, termsVersionId);
    const way = await this.wayUp(user.id);
    const [obstacle] = obstaclesOn(way);
    if (obstacle) throw refusalOf(obstacle);
    const { id: userId, firstName, lastName, email, phone, locale } = user;
    const { sponsorId } = way;
    return transaction(this.db, async (tx) => {
      await attributeChanges(tx, context);
      await this.accounts.replaceUnconfirmed(tx, email);
      const newcomer = { userId, firstName, lastName, email, phone, locale, sponsorId, emailConfirmed: true };
      const partner =
        (await this.departures.comeBack(tx, newcomer)) ??
        (await this.linked(tx, user, sponsorId, context)) ??
        (await this.partners.join(tx, newcomer));
      await this.terms.accept(tx, partner.id, termsVersionId, context);
      await this.invitations.joined(tx, email, partner.id);
      await this.supervisorJoined.announce(tx, userId);
      return partner;
    });
  }

  /** Asks the supervisor to join. @throws Refusal NO_REMINDER_NEEDED, SUPERVISOR_CANNOT_JOIN, ALREADY_REMINDED */
  async remind(user: HostUser): Promise<void> {
    const [obstacle] = (await this.partners.byUser(user.id)) ? [] : obstaclesOn(await this.wayUp(user.id));
    if (obstacle?.code !== 'SUPERVISOR_NOT_JOINED') {
      throw obstacle ? refusalOf(obstacle) : new Refusal('NO_REMINDER_NEEDED');
    }
    const [supervisor] = await this.host.users([obstacle.supervisor.id]);
    await this.db.transaction(async (tx) => {
      const day = await addReminder(tx, user.id, supervisor!.id);
      if (day === undefined) {
        const retryAfterSeconds = secondsLeftOfDay(currentTime(), this.program.now.timeZone);
        throw new Refusal('ALREADY_REMINDED', { supervisor: obstacle.supervisor, retryAfterSeconds });
      }
      await this.mail.send(tx, {
        key: `reminder:${user.id}:${day}`,
        to: supervisor!.email,
        template: 'reminder',
        locale: localeFor(supervisor!, this.program.now),
        params: { name: supervisor!.firstName, colleague: `${user.firstName} ${user.lastName}` },
      });
    });
  }

  /** The way up, free for who has leave to pass those who are missing on it. */
  private async wayUp(userId: string): Promise<WayUp> {
    const way = await this.supervisors.above(userId);
    const passes = way.missing.length > 0 && (await this.db.manager.existsBy(JoinException, { userId }));
    return passes ? { ...way, missing: [] } : way;
  }

  private async linked(
    tx: EntityManager,
    { id: userId, email }: HostUser,
    sponsorId: string | null,
    by: Signature,
  ): Promise<Partner | null> {
    const partner = await this.partners.link(tx, userId, email);
    if (!partner) return null;
    await this.accounts.close(tx, partner.id);
    if (sponsorId === null || partner.status !== 'active') return partner;
    return (await this.movedBelow(tx, partner.id, sponsorId, by)) ? { ...partner, sponsorId } : partner;
  }

  /** Whoever stands above the own supervisor in the tree already stays there. */
  private async movedBelow(tx: EntityManager, partnerId: string, sponsorId: string, by: Signature): Promise<boolean> {
    try {
      await this.placements.move(tx, { partnerId, sponsorId, reason: 'joined', by });
      return true;
    } catch (error) {
      const stays = error instanceof Refusal && ['TREE_CYCLE', 'PLACEMENT_UNCHANGED'].includes(error.code);
      if (stays) return false;
      throw error;
    }
  }
}

/** Only the own supervisor is in somebody's way: those above are in the supervisor's. */
function obstaclesOn({ missing }: WayUp): Obstacle[] {
  const supervisor = missing.at(-1);
  if (!supervisor) return [];
  const { why, ...name } = supervisor;
  return why
    ? [{ code: 'SUPERVISOR_CANNOT_JOIN', supervisor: name, why }]
    : [{ code: 'SUPERVISOR_NOT_JOINED', supervisor: name, chain: missing }];
}

function refusalOf({ code, ...params }: Obstacle): Refusal {
  return new Refusal(code, params);
}
