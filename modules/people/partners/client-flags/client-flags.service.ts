import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, Not } from 'typeorm';
import { Host } from '../../../host';
import { refuseOn } from '../../../kernel/query';
import { Refusal } from '../../../kernel/refusal';
import { attributeChanges } from '../../../platform/audit/audit.queries';
import type { Actor } from '../../../platform/web/access/actor';
import { Partner } from '../partner.entity';
import { flagsByClient, flagsByEmail } from '../partners.queries';

/** A client of the host who is a partner too. @see P18 */
export interface PartnerFlag {
  readonly clientId: string;
  readonly partnerId: string;
  readonly since: Date;
}

@Injectable()
export class ClientFlagsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly host: Host,
  ) {}

  /**
   * Which of these clients are partners: those whom somebody linked to a partner, else those whose e-mail is a partner's
   * confirmed one; never by name. @see P18
   */
  async of(clientIds: readonly string[]): Promise<PartnerFlag[]> {
    const { manager } = this.db;
    const clients = await this.host.clients(clientIds);
    const emails = clients.flatMap(({ email }) => (email === null ? [] : [email]));
    const [linked, byEmail] = [await flagsByClient(manager, clientIds), await flagsByEmail(manager, emails)];
    return clients.flatMap(({ id, email }) => {
      const partner = linked.get(id) ?? (email === null ? undefined : byEmail.get(email.toLowerCase()));
      return partner ? [{ clientId: id, ...partner }] : [];
    });
  }

  /**
   * Says which client of the host a partner is; null that it is none in particular.
   * @throws Refusal NOT_FOUND for an unknown partner and one who has left, CLIENT_UNKNOWN, CLIENT_TAKEN
   */
  async link(me: Actor, partnerId: string, clientId: string | null): Promise<{ clientId: string | null }> {
    const known = clientId === null || (await this.host.clients([clientId])).some(({ id }) => id === clientId);
    if (!known) throw new Refusal('CLIENT_UNKNOWN');
    await this.db.transaction(async (tx) => {
      await attributeChanges(tx, me);
      const partner = { id: partnerId, status: Not('left' as const) };
      const { affected } = await refuseOn({ partner_client_key: 'CLIENT_TAKEN' }, () =>
        tx.update(Partner, partner, { clientId }),
      );
      if (!affected) throw new Refusal('NOT_FOUND');
    });
    return { clientId };
  }
}
