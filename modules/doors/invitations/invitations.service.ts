import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import { Host } from '../../host';
import { decodeCursor, sliceOf } from '../../kernel/cursor';
import type { Slice } from '../../kernel/cursor';
import { Refusal } from '../../kernel/refusal';
import { transaction } from '../../kernel/transaction';
import { attributeChanges } from '../../platform/audit/audit.queries';
import { MailService } from '../../platform/mail/mail.service';
import { ThrottleService } from '../../platform/throttle/throttle.service';
import type { Actor } from '../../platform/web/access/actor';
import { LETTER_KIND } from './invitation-letter.service';
import { Invitation } from './invitation.entity';
import type { InviteDto } from './invitations.dto';
import {
  listInvitations,
  markJoined,
  obstacleAt,
  renewInvitation,
  revokeInvitation,
  revokeInvitations,
} from './invitations.queries';
import type { InvitationRow, InvitationStatus } from './invitations.queries';
import { LIMITS } from './limits';

/** How long an invitation can be registered with, in days. */
const VALID_DAYS = 14;

/** Which mailbox an invitation goes out from; the address of the program's own is the host's affair. */
export interface Sender {
  readonly sentFrom: Invitation['sentFrom'];
  readonly address: string | null;
}

/** Asking people by e-mail to join. @see P7 P8 P10 */
@Injectable()
export class InvitationsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly mail: MailService,
    private readonly throttle: ThrottleService,
  ) {}

  /** The inviter's own mailbox where the CRM knows one, else the program's. @see P8 */
  async senderFor({ userId }: Actor): Promise<Sender> {
    const address = userId === null ? null : await this.host.mailboxOf(userId);
    return { sentFrom: address === null ? 'program' : 'own', address };
  }

  /**
   * Writes an invitation down; its mail goes out once that is committed.
   * @throws Refusal FORBIDDEN, ALREADY_PARTNER, ADDRESS_SUPPRESSED, TOO_MANY_INVITATIONS
   */
  async invite(actor: Actor, { levelZero = false, phone, ...invited }: InviteDto): Promise<InvitationRow> {
    if (levelZero && !actor.permissions.has('inviteLevelZero')) {
      throw new Refusal('FORBIDDEN', { permission: 'inviteLevelZero' });
    }
    const inviterId = actor.partner!.id;
    const { sentFrom, address } = await this.senderFor(actor);
    const id = uuidv7();
    return transaction(this.db, async (tx) => {
      await this.admit(tx, inviterId, invited.email);
      await tx.insert(Invitation, {
        ...invited,
        id,
        inviterId,
        phone: phone ?? null,
        levelZero,
        sentFrom,
        sentFromAddress: address,
        locale: actor.locale,
        expiresAt: () => `partner_program.now_ms() + interval '${VALID_DAYS} days'`,
      });
      await this.sendLetter(tx, id);
      return this.ownedBy(tx, inviterId, id);
    });
  }

  async list(
    inviterId: string,
    { status, cursor, limit }: { status?: InvitationStatus; cursor?: string; limit: number },
  ): Promise<Slice<InvitationRow>> {
    const [before] = cursor === undefined ? [undefined] : decodeCursor(cursor, 1).map(String);
    if (before !== undefined && !isUuid(before)) throw new Refusal('INVALID_INPUT', { field: 'cursor' });
    const rows = await listInvitations(this.db.manager, inviterId, { before, status, limit: limit + 1 });
    return sliceOf(rows, limit, ({ id }) => [id]);
  }

  /** What one of the own invitations says, its placeholders not filled; undefined for somebody else's as for none. */
  async textOf(inviterId: string, id: string): Promise<{ subject: string; body: string } | undefined> {
    const invitation = await this.db.manager.findOneBy(Invitation, { id, inviterId });
    return invitation ? { subject: invitation.subject, body: invitation.body } : undefined;
  }

  /** @throws Refusal NOT_FOUND for somebody else's as for none */
  async ownedBy(tx: EntityManager, inviterId: string, id: string): Promise<InvitationRow> {
    const [row] = await listInvitations(tx, inviterId, { id, limit: 1 });
    if (!row) throw new Refusal('NOT_FOUND');
    return row;
  }

  /**
   * Sends it once more, with a new link and its whole time again; the earlier link stays alive, because it may be the
   * one that is found in the mailbox.
   * @throws Refusal NOT_FOUND, INVITATION_INACTIVE, ALREADY_PARTNER, ADDRESS_SUPPRESSED, TOO_MANY_INVITATIONS
   */
  async resend(actor: Actor, id: string): Promise<void> {
    const inviterId = actor.partner!.id;
    const sender = await this.senderFor(actor);
    await transaction(this.db, async (tx) => {
      const found = await renewInvitation(tx, { id, inviterId, days: VALID_DAYS }, sender);
      if (!found) throw new Refusal('NOT_FOUND');
      if (!found.renewed) throw new Refusal('INVITATION_INACTIVE');
      await this.admit(tx, inviterId, found.email);
      await this.sendLetter(tx, id);
    });
  }

  /** Ends all its links; a second time changes nothing. @throws Refusal NOT_FOUND, INVITATION_INACTIVE once registered */
  revoke(actor: Actor, id: string): Promise<void> {
    return transaction(this.db, async (tx) => {
      await attributeChanges(tx, actor);
      const revoked = await revokeInvitation(tx, id, actor.partner!.id);
      if (revoked === undefined) throw new Refusal('NOT_FOUND');
      if (!revoked) throw new Refusal('INVITATION_INACTIVE');
    });
  }

  /** Somebody came by another door: whoever invited the address sees that the person has joined. */
  joined(tx: EntityManager, email: string, partnerId: string): Promise<void> {
    return markJoined(tx, email, partnerId);
  }

  /** Ends every open invitation of somebody who leaves. */
  revokeAll(tx: EntityManager, inviterId: string): Promise<void> {
    return revokeInvitations(tx, inviterId);
  }

  private async admit(tx: EntityManager, inviterId: string, email: string): Promise<void> {
    const { partner, suppressed } = await obstacleAt(tx, email);
    if (partner) throw new Refusal('ALREADY_PARTNER');
    if (suppressed) throw new Refusal('ADDRESS_SUPPRESSED');
    const toRecipient = await this.throttle.tryTake(LIMITS.recipient, email.toLowerCase(), tx);
    const retryAfterSeconds = toRecipient || (await this.throttle.tryTake(LIMITS.sender, inviterId, tx));
    if (retryAfterSeconds > 0) throw new Refusal('TOO_MANY_INVITATIONS', { retryAfterSeconds });
  }

  private sendLetter(tx: EntityManager, subjectId: string): Promise<void> {
    return this.mail.sendLetter(tx, { key: `invitation.${uuidv7()}`, kind: LETTER_KIND, subjectId });
  }
}
