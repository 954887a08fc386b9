import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Host } from '../../host';
import type { HostUser } from '../../host';
import { DAY_SECONDS } from '../../kernel/day';
import { localeFor } from '../../kernel/locale';
import { Refusal } from '../../kernel/refusal';
import { transaction } from '../../kernel/transaction';
import { secondsUntilNext } from '../../kernel/window';
import { AccountsService } from '../../people/accounts/accounts.service';
import { DeparturesService } from '../../people/partners/departures/departures.service';
import type { Partner } from '../../people/partners/partner.entity';
import { PartnersService } from '../../people/partners/partners.service';
import { attributeChanges } from '../../platform/audit/audit.queries';
import type { Signature } from '../../platform/audit/audit.queries';
import { MailService } from '../../platform/mail/mail.service';
import { Program } from '../../platform/program/program.service';
import { TermsService } from '../../rules/documents/terms.service';
import type { AcceptanceContext } from '../../rules/documents/terms.service';
import { addReminder } from './membership.queries';
import { SupervisorJoinedService } from './supervisor-joined.service';

/** As much of a person as somebody else may read. */
export type PersonName = Pick<HostUser, 'id' | 'firstName' | 'lastName'>;

export interface Membership {
  readonly state: 'none' | 'partner';
  readonly eligible: boolean;
  /** What stands in the way. `supervisor` joins next; `chain` is everybody still missing, the top first. */
  readonly reasons: readonly (
    | { readonly code: 'SUPERVISOR_NOT_JOINED'; readonly supervisor: PersonName; readonly chain: readonly PersonName[] }
    | { readonly code: 'NO_TERMS' }
  )[];
  readonly terms?: { readonly versionId: string; readonly title: string; readonly sha256: string };
  /** The data the partner account is made of. */
  readonly account: Omit<HostUser, 'id' | 'locale'>;
}

/** Longer chains of supervisors are taken for a circle in the host's data. */
const MAX_CHAIN = 100;

/** How CRM users become partners: their supervisors before them, the terms accepted. @see P3 P5 P6 */
@Injectable()
export class MembershipService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly partners: PartnersService,
    private readonly departures: DeparturesService,
    private readonly accounts: AccountsService,
    private readonly terms: TermsService,
    private readonly mail: MailService,
    private readonly supervisorJoined: SupervisorJoinedService,
    private readonly program: Program,
  ) {}

  async of(user: HostUser): Promise<Membership> {
    const { id, firstName, lastName, email, phone } = user;
    const [partner, chain, terms] = [
      await this.partners.byUser(id),
      await this.missingAbove(id),
      await this.terms.inForce(),
    ];
    const supervisor = chain.at(-1);
    const reasons: Membership['reasons'] = [
      ...(supervisor
        ? [{ code: 'SUPERVISOR_NOT_JOINED' as const, supervisor: nameOf(supervisor), chain: chain.map(nameOf) }]
        : []),
      ...(terms ? [] : [{ code: 'NO_TERMS' as const }]),
    ];
    return {
      state: partner ? 'partner' : 'none',
      eligible: !partner && reasons.length === 0,
      reasons: partner ? [] : reasons,
      ...(terms ? { terms: { versionId: terms.id, title: terms.title, sha256: terms.sha256 } } : {}),
      account: { firstName, lastName, email, phone },
    };
  }

  /**
   * Opens the partner account of a CRM user, under the supervisor's, and records the acceptance of the terms; who asked
   * for it hears that the way is free. Somebody who is a partner already, by the same confirmed address, stays that one,
   * where it stands, and logs in through the CRM from now on; so does somebody who left and comes back.
   * @throws Refusal ALREADY_JOINED, NO_TERMS, SUPERVISOR_NOT_JOINED (`supervisor`), TERMS_OUTDATED (`versionId`), EMAIL_TAKEN
   */
  async join(user: HostUser, termsVersionId: string, context: AcceptanceContext & Signature): Promise<Partner> {
    if (await this.partners.byUser(user.id)) throw new Refusal('ALREADY_JOINED');
    await this.terms.requireInForce(this.db.manager, termsVersionId);
    const sponsorId = await this.sponsorOf(user.id);
    const { id: userId, firstName, lastName, email, phone, locale } = user;
    return transaction(this.db, async (tx) => {
      await attributeChanges(tx, context);
      const newcomer = { userId, firstName, lastName, email, phone, locale, sponsorId, emailConfirmed: true };
      const partner =
        (await this.departures.comeBack(tx, newcomer)) ??
        (await this.linked(tx, userId, email)) ??
        (await this.partners.join(tx, newcomer));
      await this.terms.accept(tx, partner.id, termsVersionId, context);
      await this.supervisorJoined.announce(tx, userId);
      return partner;
    });
  }

  /** Asks the supervisor to join. @throws Refusal NO_REMINDER_NEEDED, ALREADY_REMINDED after the first of a day */
  async remind(user: HostUser): Promise<void> {
    const supervisor = (await this.missingAbove(user.id)).at(-1);
    if (!supervisor || (await this.partners.byUser(user.id))) throw new Refusal('NO_REMINDER_NEEDED');
    await this.db.transaction(async (tx) => {
      const day = await addReminder(tx, user.id, supervisor.id);
      if (day === undefined) {
        const retryAfterSeconds = secondsUntilNext(DAY_SECONDS, new Date());
        throw new Refusal('ALREADY_REMINDED', { supervisor: nameOf(supervisor), retryAfterSeconds });
      }
      await this.mail.send(tx, {
        key: `reminder:${user.id}:${day}`,
        to: supervisor.email,
        template: 'reminder',
        locale: localeFor(supervisor, this.program.now),
        params: { name: supervisor.firstName, colleague: `${user.firstName} ${user.lastName}` },
      });
    });
  }

  private async linked(tx: EntityManager, userId: string, email: string): Promise<Partner | null> {
    const partner = await this.partners.link(tx, userId, email);
    if (partner) await this.accounts.close(tx, partner.id);
    return partner;
  }

  private async sponsorOf(userId: string): Promise<string | null> {
    const supervisorId = await this.host.supervisorOf(userId);
    if (supervisorId === null) return null;
    const sponsorId = (await this.partners.ofUsers([supervisorId])).get(supervisorId);
    if (sponsorId !== undefined) return sponsorId;
    const [supervisor] = await this.host.users([supervisorId]);
    throw new Refusal('SUPERVISOR_NOT_JOINED', { supervisor: supervisor && nameOf(supervisor) });
  }

  /** The supervisors who have not joined, from the one who must begin down to the user's own. */
  private async missingAbove(userId: string): Promise<HostUser[]> {
    const missing: string[] = [];
    for (let id = await this.host.supervisorOf(userId); id !== null && missing.length < MAX_CHAIN;) {
      if ((await this.partners.ofUsers([id])).has(id) || missing.includes(id)) break;
      missing.unshift(id);
      id = await this.host.supervisorOf(id);
    }
    const users = new Map((await this.host.users(missing)).map((user) => [user.id, user]));
    return missing.flatMap((id) => users.get(id) ?? []);
  }
}

function nameOf({ id, firstName, lastName }: HostUser): PersonName {
  return { id, firstName, lastName };
}
