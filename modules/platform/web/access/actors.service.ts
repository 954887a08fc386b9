import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { DataSource } from 'typeorm';
import { Host, type HostUser } from '../../../host';
import { acceptedLocale, type Locale } from '../../../kernel/locale';
import { Refusal } from '../../../kernel/refusal';
import { secretHash } from '../../../kernel/token';
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../../../options';
import { Program } from '../../program/program.service';
import { isWrite } from '../request/is-write';
import { requestIdOf } from '../request/request-id';
import { readCookie } from '../request/session-cookie';
import type { Actor, ActorPartner } from './actor';
import { keyInForce, partnerOfSession, partnerOfUser } from './actor.queries';
import { bearerKey } from './bearer-key';
import { permissionsOf } from './scopes';

/** Where a request comes from, and the language to answer it in, whether or not its visitor is known. */
export interface Origin extends Pick<Actor, 'requestId' | 'ip' | 'locale'> {
  readonly visitor: Actor | null;
}

const identified = new WeakMap<Request, Actor | null>();
const origins = new WeakMap<Request, Origin>();

/** Who sent a request, once the access guard has asked; null for nobody. */
export function actorOf(request: Request): Actor | null {
  return identified.get(request) ?? null;
}

/** Where a request comes from, once the access guard has asked. */
export function originOf(request: Request): Origin {
  return origins.get(request)!;
}

/**
 * Finds out who sends a request: the host knows the user, the program knows the partner, and the session of a partner
 * without a CRM account besides. A CRM user is always taken as that.
 */
@Injectable()
export class Actors {
  private follow?: (user: HostUser) => Promise<void>;

  constructor(
    private readonly host: Host,
    private readonly db: DataSource,
    @Inject(PROGRAM_OPTIONS) private readonly options: PartnerProgramOptions,
    private readonly program: Program,
  ) {}

  /**
   * Asks the host once a request; later callers read {@link actorOf}. A request with an API key is the machine's, whatever
   * cookies it brings along.
   *
   * @throws Refusal UNAUTHENTICATED for a key that is unknown, expired or revoked
   */
  async identify(request: Request): Promise<Actor | null> {
    const known = identified.get(request);
    if (known !== undefined) return known;
    const actor = await this.senderOf(request);
    identified.set(request, actor);
    origins.set(request, { ...addressOf(request), locale: this.localeOf(request), visitor: actor });
    return actor;
  }

  /** Called by the feature that keeps a partner's data as the CRM has them, when the module starts. @see P22 */
  whenUserDiffers(follow: (user: HostUser) => Promise<void>): void {
    this.follow = follow;
  }

  /** The user's own language, else the browser's, else the program's. */
  localeOf(request: Request): Locale {
    return actorOf(request)?.locale ?? this.localeOfBrowser(request);
  }

  private async senderOf(request: Request): Promise<Actor | null> {
    const key = bearerKey(request);
    if (key !== undefined) return this.actorOfKey(key, request);
    const user = await this.host.currentUser(request);
    return user ? this.actorFor(user, request) : this.actorOfSession(request);
  }

  private async actorFor(user: HostUser, request: Request): Promise<Actor> {
    return {
      userId: user.id,
      partner: await this.partnerOf(user),
      permissions: await this.host.permissionsOf(user.id),
      name: `${user.firstName} ${user.lastName}`,
      locale: user.locale ?? this.localeOfBrowser(request),
      ref: `user:${user.id}`,
      ...addressOf(request),
    };
  }

  /** The partner a CRM user is, with the data that the CRM has of the person today. */
  private async partnerOf(user: HostUser): Promise<ActorPartner | null> {
    const partner = await partnerOfUser(this.db.manager, user.id);
    if (!partner || partner.status === 'left') return partner;
    const { firstName, lastName, email, phone, locale } = user;
    const today = { firstName, lastName, email, phone, locale };
    if (Object.entries(today).every(([field, value]) => partner[field as keyof typeof today] === value)) return partner;
    await this.follow?.(user);
    return { ...partner, ...today };
  }

  private async actorOfSession(request: Request): Promise<Actor | null> {
    const secret = readCookie(request, 'session', this.options);
    const partner = secret === undefined ? null : await partnerOfSession(this.db.manager, secretHash(secret));
    if (!partner) return null;
    return {
      userId: null,
      partner,
      permissions: new Set(),
      name: `${partner.firstName} ${partner.lastName}`,
      locale: partner.locale ?? this.localeOfBrowser(request),
      ref: `partner:${partner.id}`,
      ...addressOf(request),
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
      ...addressOf(request),
    };
  }

  private localeOfBrowser(request: Request): Locale {
    return acceptedLocale(request.headers['accept-language']) ?? this.program.now.locale;
  }
}

function addressOf(request: Request): Pick<Actor, 'requestId' | 'ip'> {
  return { requestId: requestIdOf(request), ip: request.ip ?? null };
}
