import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Request, Response } from 'express';
import { DataSource } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Refusal } from '../../../kernel/refusal';
import { newSecret, secretHash } from '../../../kernel/token';
import { PROGRAM_OPTIONS } from '../../../options';
import type { PartnerProgramOptions } from '../../../options';
import { clearCookie, readCookie, setCookie } from '../../../platform/web/request/session-cookie';
import type { CookieKind } from '../../../platform/web/request/session-cookie';
import { KnownDevice } from './known-device.entity';
import { Session } from './session.entity';
import { endSessions, forgetDevices, knowDevice } from './sessions.queries';
import { listSessions, openSession } from './sessions.queries';
import type { SessionRow } from './sessions.queries';

const USER_AGENT_LENGTH = 300;

/** The browsers that are logged in to accounts. A session lives in PostgreSQL and in the browser's cookie. @see F65 */
@Injectable()
export class SessionsService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
  ) {}

  /**
   * Logs the browser in under a secret that nobody knew before, and remembers the browser.
   * @param passwordHash of the password that was typed, where one was
   * @throws Refusal WRONG_CREDENTIALS when that is no longer the password
   */
  async open(request: Request, response: Response, partnerId: string, passwordHash: string | null): Promise<void> {
    const secret = newSecret();
    const device = readCookie(request, 'device', this.options) ?? newSecret();
    const before = this.hashIn(request, 'session');
    await this.db.transaction(async (tx) => {
      const opened = await openSession(tx, {
        id: uuidv7(),
        tokenHash: secretHash(secret),
        partnerId,
        ip: request.ip ?? null,
        userAgent: request.get('user-agent')?.slice(0, USER_AGENT_LENGTH) ?? null,
        replaces: before ?? null,
        passwordHash,
      });
      if (!opened) throw new Refusal('WRONG_CREDENTIALS');
      await knowDevice(tx, secretHash(device), partnerId);
    });
    setCookie(response, 'session', secret, this.options);
    setCookie(response, 'device', device, this.options);
  }

  /** Logs the browser out; one that is not logged in stays so. */
  async end(request: Request, response: Response): Promise<void> {
    const current = this.hashIn(request, 'session');
    if (current !== undefined) await this.db.manager.delete(Session, { tokenHash: current });
    clearCookie(response, 'session', this.options);
  }

  list(request: Request, partnerId: string): Promise<SessionRow[]> {
    return listSessions(this.db.manager, partnerId, this.hashIn(request, 'session') ?? '');
  }

  /** @throws Refusal NOT_FOUND for a session that is not the partner's */
  async endOne(partnerId: string, id: string): Promise<void> {
    const { affected } = await this.db.manager.delete(Session, { id, partnerId });
    if (!affected) throw new Refusal('NOT_FOUND');
  }

  /** Ends all sessions but the browser's own, and forgets the other browsers. */
  async endOthers(tx: EntityManager, request: Request, partnerId: string): Promise<void> {
    await endSessions(tx, partnerId, this.hashIn(request, 'session') ?? null);
    await forgetDevices(tx, partnerId, this.hashIn(request, 'device') ?? null);
  }

  async endAll(tx: EntityManager, partnerId: string): Promise<void> {
    await endSessions(tx, partnerId, null);
    await forgetDevices(tx, partnerId, null);
  }

  /** How this browser is known to the account; undefined where it is not. */
  async knownDevice(request: Request, partnerId: string): Promise<string | undefined> {
    const device = this.hashIn(request, 'device');
    if (device === undefined) return undefined;
    return (await this.db.manager.existsBy(KnownDevice, { tokenHash: device, partnerId })) ? device : undefined;
  }

  private hashIn(request: Request, kind: CookieKind): string | undefined {
    const secret = readCookie(request, kind, this.options);
    return secret === undefined ? undefined : secretHash(secret);
  }
}
