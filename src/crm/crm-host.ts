import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Request } from 'express';
import { DataSource, In } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { Host, PERMISSIONS } from '../../modules';
import type {
  ContractChange,
  HostClient,
  HostContract,
  HostStatus,
  HostUser,
  OutgoingMail,
  Permission,
} from '../../modules';
import { changesSince } from './contracts.queries';
import { Client, Contract, ContractStatus, User } from './crm.entities';
import { MailboxService } from './mailbox.service';
import { userOf } from './web/access.guard';

/** What the partner program needs to know of this CRM. */
@Injectable()
export class CrmHost extends Host {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly mailbox: MailboxService,
  ) {
    super();
  }

  async currentUser(request: Request): Promise<HostUser | null> {
    const user = userOf(request);
    return user ? hostUser(user) : null;
  }

  async permissionsOf(userId: string): Promise<ReadonlySet<Permission>> {
    const user = await this.activeUser(userId);
    return new Set(PERMISSIONS.filter((permission) => user?.permissions.includes(permission)));
  }

  /** Also those who have left: their names stand on old contracts. */
  async users(ids: readonly string[]): Promise<HostUser[]> {
    const users = await this.db.manager.findBy(User, { id: In(ids.filter((id) => isUuid(id))) });
    return users.map(hostUser);
  }

  async usersWith(permission: Permission): Promise<HostUser[]> {
    const users = await this.db.manager
      .createQueryBuilder(User, 'u')
      .where('u.active and :permission = any(u.permissions)', { permission })
      .getMany();
    return users.map(hostUser);
  }

  async supervisorOf(userId: string): Promise<string | null> {
    const [user] = isUuid(userId) ? await this.db.manager.findBy(User, { id: userId }) : [];
    return user?.supervisorId ?? null;
  }

  override async userByEmail(email: string): Promise<HostUser | null> {
    const user = await this.db.manager
      .createQueryBuilder(User, 'u')
      .where('lower(u.email) = lower(:email)', { email })
      .getOne();
    return user && hostUser(user);
  }

  override async subordinatesOf(userId: string): Promise<HostUser[]> {
    const users = isUuid(userId) ? await this.db.manager.findBy(User, { supervisorId: userId, active: true }) : [];
    return users.map(hostUser);
  }

  async clients(ids: readonly string[]): Promise<HostClient[]> {
    const clients = await this.db.manager.findBy(Client, { id: In(ids.filter((id) => isUuid(id))) });
    return clients.map(({ id, name, email }) => ({ id, name, email }));
  }

  async contract(id: string): Promise<HostContract | null> {
    const contract = isUuid(id) ? await this.db.manager.findOneBy(Contract, { id }) : null;
    if (!contract) return null;
    const { createdAt: _, ...fields } = contract;
    return fields;
  }

  async statuses(): Promise<HostStatus[]> {
    return this.db.manager.find(ContractStatus, { order: { position: 'ASC', key: 'ASC' } });
  }

  async contractsChangedSince(
    cursor: string | null,
    limit: number,
  ): Promise<{ changes: ContractChange[]; cursor: string | null }> {
    return changesSince(this.db.manager, cursor, limit);
  }

  async mailboxOf(userId: string): Promise<string | null> {
    return (await this.activeUser(userId))?.mailbox ?? null;
  }

  async sendMail(mail: OutgoingMail): Promise<void> {
    await this.mailbox.send(mail);
  }

  private async activeUser(id: string): Promise<User | null> {
    return isUuid(id) ? this.db.manager.findOneBy(User, { id, active: true }) : null;
  }
}

export function hostUser({ id, firstName, lastName, email, phone, locale, active }: User): HostUser {
  return { id, firstName, lastName, email, phone, locale, active };
}
