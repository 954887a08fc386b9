import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, IsNull } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { currentTime } from '../../kernel/clock';
import { refuseOn } from '../../kernel/query';
import { Refusal } from '../../kernel/refusal';
import { newSecret, secretHash } from '../../kernel/token';
import { attributeChanges } from '../audit/audit.queries';
import type { Signature } from '../audit/audit.queries';
import { KEY_PREFIX } from '../web/access/bearer-key';
import type { Scope } from '../web/access/scopes';
import { ApiKey } from './api-key.entity';

export interface WantedKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: Date;
}

export type KeyStatus = 'active' | 'expired' | 'revoked';

/** Keys for machines: what an ERP or a report needs to ask the program without a person's login. */
@Injectable()
export class ApiKeysService {
  constructor(@InjectDataSource() private readonly db: DataSource) {}

  /** The newest first, with those that have ended. */
  async list(): Promise<(ApiKey & { status: KeyStatus })[]> {
    const keys = await this.db.manager.find(ApiKey, { order: { createdAt: 'DESC', id: 'DESC' } });
    const now = currentTime();
    return keys.map((key) => ({ ...key, status: statusOf(key, now) }));
  }

  /**
   * @returns the key besides what is kept of it: it is never to be had again
   * @throws Refusal EXPIRES_IN_PAST
   */
  make({ name, scopes, expiresAt }: WantedKey, by: Signature): Promise<ApiKey & { key: string }> {
    const key = `${KEY_PREFIX}${newSecret()}`;
    const id = uuidv7();
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      await refuseOn({ api_key_expires_later: 'EXPIRES_IN_PAST' }, () =>
        tx.insert(ApiKey, {
          id,
          name,
          scopes: [...scopes],
          keyHash: secretHash(key),
          hint: key.slice(-4),
          createdBy: by.ref,
          createdByName: by.name,
          expiresAt: expiresAt ?? null,
        }),
      );
      return { ...(await tx.findOneByOrFail(ApiKey, { id })), key };
    });
  }

  /** Ends a key at once; ending one that has ended changes nothing. @throws Refusal NOT_FOUND */
  revoke(id: string, by: Signature): Promise<void> {
    return this.db.transaction(async (tx) => {
      await attributeChanges(tx, by);
      const revoked = { revokedAt: () => 'partner_program.now_ms()' };
      const { affected } = await tx.update(ApiKey, { id, revokedAt: IsNull() }, revoked);
      if (affected !== 1 && !(await tx.existsBy(ApiKey, { id }))) throw new Refusal('NOT_FOUND');
    });
  }
}

function statusOf({ revokedAt, expiresAt }: ApiKey, now: Date): KeyStatus {
  if (revokedAt) return 'revoked';
  return expiresAt && expiresAt <= now ? 'expired' : 'active';
}
