import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Host } from '../../../host';
import { currentTime } from '../../../kernel/clock';
import { dayOf } from '../../../kernel/day';
import { localeFor } from '../../../kernel/locale';
import { networkOf } from '../../../kernel/network';
import { Refusal } from '../../../kernel/refusal';
import { secretHash } from '../../../kernel/token';
import { transaction } from '../../../kernel/transaction';
import { AccountsService } from '../../../people/accounts/accounts.service';
import { CrmUsersService } from '../../../people/accounts/crm-users/crm-users.service';
import type { Partner } from '../../../people/partners/partner.entity';
import { PartnersService } from '../../../people/partners/partners.service';
import type { Newcomer } from '../../../people/partners/partners.service';
import { recordChange, attributeChanges } from '../../../platform/audit/audit.queries';
import { MailService } from '../../../platform/mail/mail.service';
import { Program } from '../../../platform/program/program.service';
import { ThrottleService } from '../../../platform/throttle/throttle.service';
import type { Actor } from '../../../platform/web/access/actor';
import type { Origin } from '../../../platform/web/access/actors.service';
import { TermsService } from '../../../rules/documents/terms.service';
import type { AcceptanceContext } from '../../../rules/documents/terms.service';
import { addressOf, findLive, markOpened, ownerOfAddress, suppress, useInvitation } from '../invitations.queries';
import type { LiveInvitation } from '../invitations.queries';
import { LIMITS } from '../limits';
import { LinksService } from '../links/links.service';
import type { AcceptInvitationDto, RegisterDto } from './registrations.dto';

/** The terms that a registration accepts. */
export interface TermsOffer {
  readonly versionId: string;
  readonly title: string;
  readonly sha256: string;
}

/** What every way in needs besides the person. */
interface Consent {
  readonly password: string;
  readonly termsVersionId: string;
}

/** How a partner account is opened for a person without a CRM account. @see P9 P10 */
@Injectable()
export class RegistrationsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly partners: PartnersService,
    private readonly accounts: AccountsService,
    private readonly terms: TermsService,
    private readonly links: LinksService,
    private readonly mail: MailService,
    private readonly throttle: ThrottleService,
    private readonly program: Program,
    private readonly crmUsers: CrmUsersService,
  ) {}

  /** The terms in force; null while there are none and nobody can register. */
  async offer(): Promise<TermsOffer | null> {
    const terms = await this.terms.inForce();
    return terms && { versionId: terms.id, title: terms.title, sha256: terms.sha256 };
  }

  /**
   * What the invitation of a token says; looking consumes nothing.
   * @throws Refusal INVITATION_INACTIVE for an unknown, used, expired or revoked one, and one whose sender is suspended,
   * has left, or may no longer invite
   * @see F57 F58
   */
  async invitation(token: string, visitor: Actor | null): Promise<LiveInvitation> {
    const invitation = await findLive(this.db.manager, secretHash(token));
    const stands = invitation && (await this.links.mayInvite(invitation.inviter, invitation.levelZero, visitor));
    if (!stands) throw new Refusal('INVITATION_INACTIVE');
    return invitation;
  }

  /** Whether the one invited has a CRM account, and so joins there. @see P21 */
  joinsInCrm({ email }: LiveInvitation): Promise<boolean> {
    return this.crmUsers.has(email);
  }

  /** Notes that a person, not a mail scanner, looked at the invitation. */
  opened(token: string): Promise<void> {
    return markOpened(this.db.manager, secretHash(token));
  }

  /**
   * Registers the one whom the invitation was sent to, under its sender or at the top. The address counts as confirmed,
   * because the link was found in its mailbox.
   * @throws Refusal INVITATION_INACTIVE, NO_TERMS, TERMS_OUTDATED, EMAIL_TAKEN, CRM_ACCOUNT, and what a password is refused for
   * @see P10 F54
   */
  async accept(token: string, body: AcceptInvitationDto, origin: Origin): Promise<Partner> {
    const { email, levelZero, inviter, ...invited } = await this.invitation(token, origin.visitor);
    const { firstName = invited.firstName, lastName = invited.lastName, phone = invited.phone } = body;
    const person = { userId: null, firstName, lastName, email, phone, locale: origin.locale, emailConfirmed: true };
    try {
      return await this.open({ ...person, sponsorId: levelZero ? null : inviter.id }, body, origin, {
        then: async (tx, partner) => {
          if (!(await useInvitation(tx, secretHash(token), partner.id))) throw new Refusal('INVITATION_INACTIVE');
        },
      });
    } catch (error) {
      // Whoever lost the race for a token hears what a token already used says.
      if (error instanceof Refusal && error.code === 'EMAIL_TAKEN') await this.invitation(token, origin.visitor);
      throw error;
    }
  }

  /**
   * Registers by a partner's link: under its owner, or at the top by a level-zero link.
   * @throws Refusal INVITATION_INACTIVE, TOO_MANY_REGISTRATIONS, NO_TERMS, TERMS_OUTDATED, EMAIL_TAKEN, and what a
   * password is refused for
   */
  async byLink(code: string, body: RegisterDto, origin: Origin): Promise<Partner> {
    const owner = await this.links.ownerOf(code, origin.visitor);
    await this.spend(origin);
    const newcomer = { ...personOf(body, origin), sponsorId: owner.levelZero ? null : owner.id };
    const then = owner.levelZero
      ? (tx: EntityManager, { id }: Partner) => this.recordLinkUse(tx, owner.id, id, origin)
      : undefined;
    return this.warningOwner(body.email, () => this.open(newcomer, body, origin, { then }));
  }

  /**
   * Registers with no link at all: at the top, once a holder of `inviteLevelZero` approves.
   * @throws Refusal TOO_MANY_REGISTRATIONS, NO_TERMS, TERMS_OUTDATED, EMAIL_TAKEN, and what a password is refused for
   */
  async atLevelZero(body: RegisterDto, origin: Origin): Promise<Partner> {
    await this.spend(origin);
    const approvers = await this.host.usersWith('inviteLevelZero');
    const newcomer = { ...personOf(body, origin), sponsorId: null };
    const notifyApprovers = async (tx: EntityManager, partner: Partner) => {
      for (const approver of approvers) {
        const { id, email, firstName } = approver;
        await this.mail.send(tx, {
          key: `approval.${partner.id}.${id}`,
          to: email,
          template: 'awaitingApproval',
          locale: localeFor(approver, this.program.now),
          params: { name: firstName, newcomer: `${partner.firstName} ${partner.lastName}` },
        });
      }
    };
    return this.warningOwner(body.email, () =>
      this.open(newcomer, body, origin, { waiting: true, then: notifyApprovers }),
    );
  }

  /** Whose invitation this is, so that its receiver can ask for no more. @throws Refusal INVITATION_INACTIVE */
  async receiver(token: string): Promise<string> {
    const email = await addressOf(this.db.manager, secretHash(token));
    if (email === undefined) throw new Refusal('INVITATION_INACTIVE');
    return email;
  }

  /** Nobody invites the receiver of this invitation again. @throws Refusal INVITATION_INACTIVE @see F64 */
  async suppress(token: string, origin: Origin): Promise<void> {
    const email = await this.receiver(token);
    await this.db.transaction(async (tx) => {
      await attributeChanges(tx, { ref: 'recipient', ...origin });
      await suppress(tx, email);
    });
  }

  /** Who may place somebody at the top is worth knowing later. */
  private async recordLinkUse(tx: EntityManager, ownerId: string, newcomerId: string, origin: Origin): Promise<void> {
    await attributeChanges(tx, { ref: `partner:${newcomerId}`, ...origin });
    await recordChange(tx, {
      action: 'levelZeroLink.used',
      objectType: 'partner',
      objectId: ownerId,
      partnerId: newcomerId,
    });
  }

  /** Everything a registration is, in one transaction. */
  private async open(
    newcomer: Newcomer,
    { password, termsVersionId }: Consent,
    origin: Origin,
    {
      waiting = false,
      then,
    }: { waiting?: boolean; then?: (tx: EntityManager, partner: Partner) => Promise<void> } = {},
  ): Promise<Partner> {
    const { emailConfirmed } = newcomer;
    if (await this.crmUsers.has(newcomer.email)) throw new Refusal('CRM_ACCOUNT');
    const passwordHash = await this.accounts.hash(password, newcomer);
    return transaction(this.db, async (tx) => {
      if (emailConfirmed) await this.accounts.replaceUnconfirmed(tx, newcomer.email);
      const partner = waiting
        ? await this.partners.await(tx, { ...newcomer, sponsorId: null })
        : await this.partners.join(tx, newcomer);
      await this.terms.accept(tx, partner.id, termsVersionId, origin);
      await this.accounts.open(tx, { partnerId: partner.id, passwordHash, emailConfirmed });
      await then?.(tx, partner);
      return partner;
    });
  }

  /** Whoever has the address already hears, once a day, that somebody tried to register it. */
  private async warningOwner(email: string, register: () => Promise<Partner>): Promise<Partner> {
    try {
      return await register();
    } catch (error) {
      if (error instanceof Refusal && error.code === 'EMAIL_TAKEN') await this.warn(email);
      throw error;
    }
  }

  private async warn(address: string): Promise<void> {
    const owner = await ownerOfAddress(this.db.manager, address);
    if (!owner) return;
    const { id, email, firstName } = owner;
    await this.mail.send(this.db.manager, {
      key: `alreadyRegistered.${id}.${dayOf(currentTime(), this.program.now.timeZone)}`,
      to: email,
      template: 'alreadyRegistered',
      locale: localeFor(owner, this.program.now),
      params: { name: firstName },
    });
  }

  /** Counted also when the registration is then refused. */
  private async spend({ ip }: AcceptanceContext): Promise<void> {
    const retryAfterSeconds = await this.throttle.tryTake(LIMITS.registration, networkOf(ip ?? undefined));
    if (retryAfterSeconds > 0) throw new Refusal('TOO_MANY_REGISTRATIONS', { retryAfterSeconds });
  }
}

function personOf({ email, firstName, lastName, phone }: RegisterDto, { locale }: AcceptanceContext) {
  return { userId: null, firstName, lastName, email, phone: phone ?? null, locale, emailConfirmed: false };
}
