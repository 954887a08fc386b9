import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Injectable } from '@nestjs/common';
import { Refusal } from '../../../kernel/refusal';
import { composed, PASSWORD_MAX, PASSWORD_MIN, passwordFault } from './password-rules';
import type { PasswordOwner } from './password-rules';

/** A hash of what nobody knows: checking it makes an unknown address take as long as a wrong password. @see F62 */
const NOBODY = hash(randomBytes(32));

/** Hashes and checks passwords with argon2id (19 MiB, two passes), outside of any transaction where possible. */
@Injectable()
export class PasswordsService {
  /** @throws Refusal PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG, PASSWORD_TOO_WEAK */
  hash(password: string, owner: PasswordOwner): Promise<string> {
    const fault = passwordFault(password, owner);
    if (fault) throw new Refusal(fault, { minimum: PASSWORD_MIN, maximum: PASSWORD_MAX });
    return hash(composed(password));
  }

  /** @param passwordHash undefined where there is no account: the answer is no, after the same work */
  async matches(passwordHash: string | undefined, password: string): Promise<boolean> {
    const right = await verify(passwordHash ?? (await NOBODY), composed(password));
    return right && passwordHash !== undefined;
  }
}
