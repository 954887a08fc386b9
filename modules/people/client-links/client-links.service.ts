import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Host } from '../../host';
import { decodePlace, sliceOf } from '../../kernel/cursor';
import { refuseOn } from '../../kernel/query';
import { Refusal } from '../../kernel/refusal';
import { attributeChanges } from '../../platform/audit/audit.queries';
import { ThrottleService } from '../../platform/throttle/throttle.service';
import { lockTimeline } from '../../platform/timeline/timeline.queries';
import type { Actor } from '../../platform/web/access/actor';
import { Partner } from '../partners/partner.entity';
import { ClientLink } from './client-link.entity';
import { ClientLinkMails } from './client-link-mails.service';
import {
  decide,
  end,
  isSelf,
  linkById,
  linksInReview,
  linksOf,
  lockClient,
  reviewCounts,
} from './client-links.queries';
import type { ClientLinkRow } from './client-links.queries';

/** Twenty a day, and forty at once after two quiet days: as many as a busy partner has, fewer than a script. */
const REFERRALS = { name: 'clientLink', burst: 40, secondsEach: (24 * 60 * 60) / 20 };

/** What a partner says of a client. */
export interface Referral {
  readonly name: string;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly taxId?: string | null;
  readonly note?: string | null;
}

interface Page {
  readonly cursor?: string;
  readonly limit: number;
}

/** Clients whom partners refer: submitted, then tied to a client of the CRM or rejected, later ended. @see P20 */
@Injectable()
export class ClientLinksService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
    private readonly mails: ClientLinkMails,
    private readonly throttle: ThrottleService,
  ) {}

  /**
   * Nothing in the answer tells whether the company knows the client, or whose client it is.
   * @throws Refusal INVALID_INPUT without e-mail and phone; SELF_REFERRAL; ALREADY_LINKED for an open referral of one's own;
   *   TOO_MANY_REFERRALS
   */
  async submit(me: Actor, { name, note, ...given }: Referral): Promise<{ id: string; state: 'submitted' }> {
    const email = given.email?.toLowerCase() || null;
    const phone = given.phone?.replace(/[^0-9+]/g, '') || null;
    const taxId = given.taxId?.replace(/[^A-Za-z0-9]/g, '').toUpperCase() || null;
    if (email === null && phone === null) {
      throw new Refusal('INVALID_INPUT', { errors: [{ field: 'email', code: 'EMAIL_OR_PHONE', params: {} }] });
    }
    const partnerId = me.partner!.id;
    const id = uuidv7();
    const taken = 'ALREADY_LINKED';
    await refuseOn({ client_link_email_key: taken, client_link_phone_key: taken, client_link_tax_id_key: taken }, () =>
      this.db.transaction(async (tx) => {
        if (await isSelf(tx, partnerId, { email, phone })) throw new Refusal('SELF_REFERRAL');
        const retryAfterSeconds = await this.throttle.tryTake(REFERRALS, partnerId, tx);
        if (retryAfterSeconds > 0) throw new Refusal('TOO_MANY_REFERRALS', { retryAfterSeconds });
        await attributeChanges(tx, me);
        await tx.insert(ClientLink, { id, partnerId, name, email, phone, taxId, note: note || null });
        await this.mails.submitted(tx, id);
      }),
    );
    return { id, state: 'submitted' };
  }

  async own(me: Actor, { cursor, limit }: Page) {
    const found = await linksOf(this.db.manager, me.partner!.id, {
      after: cursor ? decodePlace(cursor) : null,
      limit: limit + 1,
    });
    const slice = sliceOf(found, limit, keyOf);
    return { ...slice, data: slice.data.map(clientLinkJson) };
  }

  /** What waits to be looked at, or the referrals that run; with how much waits of every kind. */
  async reviews(kind: 'clientLink' | 'running', { cursor, limit }: Page) {
    const status = kind === 'running' ? 'approved' : 'submitted';
    const found = await linksInReview(this.db.manager, status, {
      after: cursor ? decodePlace(cursor) : null,
      limit: limit + 1,
    });
    const slice = sliceOf(found, limit, keyOf);
    const clients = await this.host.clients([...new Set(slice.data.flatMap(({ clientId }) => clientId ?? []))]);
    const names = new Map(clients.map(({ id, name }) => [id, name]));
    return {
      ...slice,
      data: slice.data.map((link) => ({
        ...clientLinkJson(link),
        partner: { id: link.partnerId, name: link.partnerName },
        clientId: link.clientId,
        clientName: (link.clientId !== null && names.get(link.clientId)) || null,
      })),
      kinds: await reviewCounts(this.db.manager),
    };
  }

  /**
   * Ties a referral to a client of the CRM: its contracts are the partner's from now on.
   * @throws Refusal NOT_FOUND, OWN_CLIENT_LINK, CLIENT_UNKNOWN, ALREADY_DECIDED; CLIENT_BONDED while somebody else's referral
   *   of the client runs; SELF_REFERRAL where the partner is the client
   */
  async approve(me: Actor, id: string, clientId: string): Promise<{ validFrom: Date }> {
    const link = await this.decidable(me, id);
    const [client] = await this.host.clients([clientId]);
    if (!client) throw new Refusal('CLIENT_UNKNOWN', { clientId });
    return refuseOn({ client_link_one_bond: 'CLIENT_BONDED' }, () =>
      this.db.transaction(async (tx) => {
        await lockClient(tx, clientId);
        const { moment: at } = await lockTimeline(tx);
        await attributeChanges(tx, me);
        const partner = await tx.findOneByOrFail(Partner, { id: link.partnerId });
        const isClient = partner.clientId === clientId || client.email?.toLowerCase() === partner.email.toLowerCase();
        if (isClient) throw new Refusal('SELF_REFERRAL');
        const done = await decide(tx, id, { status: 'approved', clientId, reason: null, at, by: me.ref });
        if (!done) throw new Refusal('ALREADY_DECIDED');
        await this.mails.decided(tx, id, 'clientLinkApproved');
        return { validFrom: at };
      }),
    );
  }

  /** @throws Refusal NOT_FOUND, OWN_CLIENT_LINK, ALREADY_DECIDED */
  async reject(me: Actor, id: string, reason: string): Promise<void> {
    await this.decidable(me, id);
    await this.db.transaction(async (tx) => {
      await attributeChanges(tx, me);
      const decision = { status: 'rejected' as const, clientId: null, reason, at: null, by: me.ref };
      if (!(await decide(tx, id, decision))) throw new Refusal('ALREADY_DECIDED');
      await this.mails.decided(tx, id, 'clientLinkRejected');
    });
  }

  /**
   * Ends a running referral from now on; what accrued stays.
   * @throws Refusal NOT_FOUND, OWN_CLIENT_LINK; ALREADY_DECIDED for one that does not run
   */
  async end(me: Actor, id: string, reason: string): Promise<{ validTo: Date }> {
    await this.decidable(me, id);
    return this.db.transaction(async (tx) => {
      const { moment: at } = await lockTimeline(tx);
      await attributeChanges(tx, me);
      if (!(await end(tx, id, { reason, at, by: me.ref }))) throw new Refusal('ALREADY_DECIDED');
      await this.mails.decided(tx, id, 'clientLinkEnded');
      return { validTo: at };
    });
  }

  /** Nobody decides about a referral of one's own. */
  private async decidable(me: Actor, id: string): Promise<ClientLinkRow> {
    const link = await linkById(this.db.manager, id);
    if (!link) throw new Refusal('NOT_FOUND');
    if (link.partnerId === me.partner?.id) throw new Refusal('OWN_CLIENT_LINK');
    return link;
  }
}

function clientLinkJson({
  status,
  partnerId: _p,
  partnerName: _n,
  clientId: _c,
  decidedBy: _d,
  ...link
}: ClientLinkRow) {
  return { ...link, state: status };
}

function keyOf({ submittedAt, id }: ClientLinkRow): [string, string] {
  return [submittedAt.toISOString(), id];
}
