import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, MoreThan } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { PartnerProgram } from '../../modules';
import { User } from './crm.entities';
import { hostUser } from './crm-host';
import type { ChangeUserDto, CreateUserDto } from './users.dto';
import { listOf, type List, type ListQuery } from './web/crm-controller';
import { CrmRefusal } from './web/crm-refusal';

/** A hash of nothing anybody knows: checking it makes an unknown address take as long as a wrong password. */
const NOBODY = hash(uuidv7());

const END_SESSIONS = `delete from crm.session where sess -> 'passport' ->> 'user' = $1`;

@Injectable()
export class UsersService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly partnerProgram: PartnerProgram,
  ) {}

  async list({ limit, cursor }: ListQuery): Promise<List<User>> {
    const where = cursor === undefined ? {} : { id: MoreThan(cursor) };
    return listOf(await this.db.manager.find(User, { where, order: { id: 'ASC' }, take: limit + 1 }), limit);
  }

  async get(id: string): Promise<User> {
    const user = await this.db.manager.findOneBy(User, { id });
    if (!user) throw new CrmRefusal('NOT_FOUND');
    return user;
  }

  /** @throws CrmRefusal EMAIL_TAKEN, SUPERVISOR_UNKNOWN */
  async create({ password, ...fields }: CreateUserDto): Promise<User> {
    const id = uuidv7();
    await this.db.manager.insert(User, { ...fields, id, passwordHash: await hash(password) });
    return this.get(id);
  }

  /**
   * A new password ends every session of the user; what the partner program shows of the person changes along.
   * @throws CrmRefusal NOT_FOUND, EMAIL_TAKEN, SUPERVISOR_UNKNOWN, SUPERVISOR_CYCLE
   */
  async change(id: string, { password, ...fields }: ChangeUserDto): Promise<User> {
    const changes = password === undefined ? fields : { ...fields, passwordHash: await hash(password) };
    await this.db.transaction(async (tx) => {
      if (Object.keys(changes).length > 0) await tx.update(User, { id }, changes);
      if (password !== undefined) await tx.query(END_SESSIONS, [id]);
      const user = await tx.findOneBy(User, { id });
      if (user) await this.partnerProgram.userChanged(tx, hostUser(user));
    });
    return this.get(id);
  }

  /** The active user with this e-mail and password, else null. */
  async withPassword(email: string, password: string): Promise<User | null> {
    const [found] = await this.db.query<{ id: string; hash: string }[]>(
      'select id, password_hash as hash from crm."user" where lower(email) = lower($1) and active',
      [email],
    );
    const right = await verify(found?.hash ?? (await NOBODY), password);
    return found && right ? this.get(found.id) : null;
  }

  /** Whom a session belongs to; null once the user is gone or not active any more. */
  ofSession(id: string): Promise<User | null> {
    return this.db.manager.findOneBy(User, { id, active: true });
  }
}
