import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { Host, type HostUser, type Permission, PERMISSIONS } from '../host';
import { acceptedLocale, type Locale, LOCALES } from '../kernel/locale';
import { Refusal } from '../kernel/refusal';
import { secretHash } from '../kernel/token';
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../options';
import type { Actor } from './actor';
import { keyInForce, partnerOfSession, partnerOfUser } from './actor.queries';
import { bearerKey } from './bearer-key';
import { isWrite } from './is-write';
import { requestIdOf } from './request-id';
import { permissionsOf } from './scopes';
import { readCookie } from './session-cookie';

const identified = new WeakMap<Request, Actor | null>();

/** Who sent a request, once the access guard has asked; null for nobody. */
export function actorOf(request: Request): Actor | null {
  return identified.get(request) ?? null;
}

/**
 * Finds out who sends a request: the host knows the user, the program knows the partner, and the session of a partner
 * without a CRM account besides. A CRM user is always taken as that.
 */
@Injectable()
export class Actors {
  constructor(
    private readonly host: Host,
    private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
  ) {}

  /**
   * Asks the host once a request; later callers read {@link actorOf}. A request with an API key is the machine's, whatever
   * cookies it brings along.
   *
   * @throws Refusal UNAUTHENTICATED for a key that is unknown, expired or revoked
   */
  async identify(request: Request): Promise<Actor | null> {
    const key = bearerKey(request);
    if (key !== undefined) {
      const machine = await this.actorOfKey(key, request);
      identified.set(request, machine);
      return machine;
    }
    const user = await this.host.currentUser(request);
    const actor = user ? await this.actorFor(user, request) : await this.actorOfSession(request);
    identified.set(request, actor);
    return actor;
  }

  /** The user's own language, else the browser's, else the program's. */
  localeOf(request: Request): Locale {
    return actorOf(request)?.locale ?? this.localeOfBrowser(request);
  }

  private async actorFor(user: HostUser, request: Request): Promise<Actor> {
    const [partner, ...granted] = await Promise.all([
      partnerOfUser(this.db.manager, user.id),
      ...PERMISSIONS.map((permission) => this.host.can(user.id, permission)),
    ]);
    return {
      userId: user.id,
      partner,
      permissions: new Set<Permission>(PERMISSIONS.filter((_, index) => granted[index])),
      name: `${user.firstName} ${user.lastName}`,
      locale: user.locale ?? this.localeOfBrowser(request),
      ref: `user:${user.id}`,
      ...originOf(request),
    };
  }

  private async actorOfSession(request: Request): Promise<Actor | null> {
    const secret = readCookie(request, 'session', this.options);
    const found = secret === undefined ? null : await partnerOfSession(this.db.manager, secretHash(secret));
    if (!found) return null;
    const { partner, locale } = found;
    return {
      userId: null,
      partner,
      permissions: new Set(),
      name: `${partner.firstName} ${partner.lastName}`,
      locale: locale ?? this.localeOfBrowser(request),
      ref: `partner:${partner.id}`,
      ...originOf(request),
    };
  }

  private async actorOfKey(key: string, request: Request): Promise<Actor> {
    const found = await keyInForce(this.db.manager, secretHash(key));
    if (!found) throw new Refusal('UNAUTHENTICATED');
    return {
      userId: null,
      partner: null,
      permissions: permissionsOf(found.scopes, isWrite(request)),
      name: found.name,
      locale: this.localeOfBrowser(request),
      ref: `key:${found.id}`,
      ...originOf(request),
    };
  }

  private localeOfBrowser(request: Request): Locale {
    return acceptedLocale(request.headers['accept-language']) ?? this.options.locale ?? LOCALES[0];
  }
}

function originOf(request: Request): Pick<Actor, 'requestId' | 'ip'> {
  return { requestId: requestIdOf(request), ip: request.ip ?? null };
}
