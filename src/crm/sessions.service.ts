import { Inject, Injectable, OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { CRM_CONFIG, type CrmConfig } from './crm-config';
import type { User } from './crm.entities';
import { LoginLimit } from './login-limit';
import { UsersService } from './users.service';
import { CrmRefusal } from './web/crm-refusal';

const COOKIE = 'crm.sid';
const TWELVE_HOURS_MS = 12 * 60 * 60 * 1000;

/**
 * Logins by e-mail and password. Sessions live in PostgreSQL, over the pool that TypeORM has already opened, and
 * hold nothing but the user's id: who that is, and what the user may do, is read anew for every request.
 */
@Injectable()
export class SessionsService implements OnApplicationShutdown {
  /** An instance of our own: the package's shared one would mix two applications in one process. */
  private readonly passport = new Passport();
  private readonly limit = new LoginLimit();
  private readonly store;

  constructor(
    @InjectDataSource() db: DataSource,
    @Inject(CRM_CONFIG) private readonly config: CrmConfig,
    users: UsersService,
  ) {
    const pool = (db.driver as unknown as { master: Pool }).master;
    this.store = new (connectPgSimple(session))({ pool, schemaName: 'crm', tableName: 'session', disableTouch: true });
    this.passport.use(
      new LocalStrategy({ usernameField: 'email' }, (email, password, done) => {
        users.withPassword(email, password).then((user) => done(null, user ?? false), done);
      }),
    );
    this.passport.serializeUser<string>((user, done) => done(null, (user as User).id));
    this.passport.deserializeUser<string>((id, done) => {
      users.ofSession(id).then((user) => done(null, user ?? false), done);
    });
  }

  /** What every request passes, so that it knows its user. */
  middleware(): RequestHandler[] {
    const { sessionSecret: secret, production, publicUrl } = this.config;
    // A program that is known by an http address must be usable there; the cookie is still kept from http otherwise.
    const secure = publicUrl.startsWith('https:') || ('auto' as const);
    const cookie = { httpOnly: true, sameSite: 'lax', secure, maxAge: TWELVE_HOURS_MS } as const;
    // In production TLS ends at a proxy in front, which says so in X-Forwarded-Proto.
    const options = { name: COOKIE, secret, cookie, proxy: production, store: this.store };
    const resume = this.passport.session() as RequestHandler;
    return [session({ ...options, resave: false, saveUninitialized: false }), resume];
  }

  /** Signs in under a session id that nobody knew before. @throws CrmRefusal WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS */
  async signIn(request: Request): Promise<User> {
    const { email } = request.body as { email: string };
    const who = `${request.ip} ${email.trim().toLowerCase()}`;
    if (this.limit.isReached(who)) throw new CrmRefusal('TOO_MANY_ATTEMPTS');
    const user = await answerOf<User | false>((done) => {
      const authenticate = this.passport.authenticate('local', done) as RequestHandler;
      return authenticate(request, request.res!, (error) => done(error as Error));
    });
    if (!user) {
      this.limit.failed(who);
      throw new CrmRefusal('WRONG_CREDENTIALS');
    }
    this.limit.succeeded(who);
    await answerOf((done) => request.logIn(user, done));
    return user;
  }

  async signOut(request: Request): Promise<void> {
    await answerOf((done) => request.session.destroy(done));
    request.res!.clearCookie(COOKIE);
  }

  onApplicationShutdown(): void {
    this.store.close();
  }
}

/** What a function of the callback kind answers. */
function answerOf<T>(ask: (done: (error?: Error | null, answer?: T) => void) => unknown): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => (error ? reject(error) : resolve(answer)));
  });
}
