import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Host } from '../../host';
import { flagsByEmail } from '../partners.queries';

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

  /** Which of these clients are partners: those whose e-mail is a partner's confirmed one; never by name. @see P18 */
  async of(clientIds: readonly string[]): Promise<PartnerFlag[]> {
    const clients = await this.host.clients(clientIds);
    const emails = clients.flatMap(({ email }) => (email === null ? [] : [email]));
    const byEmail = await flagsByEmail(this.db.manager, emails);
    return clients.flatMap(({ id, email }) => {
      const partner = email === null ? undefined : byEmail.get(email.toLowerCase());
      return partner ? [{ clientId: id, ...partner }] : [];
    });
  }
}
