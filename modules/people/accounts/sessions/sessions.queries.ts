import type { EntityManager } from 'typeorm';
import { rows, run } from '../../../kernel/query';
import type { Retention } from '../../../platform/retention/retention.service';
import { SESSION_IDLE_HOURS } from '../../../platform/web/request/session-cookie';

export interface NewSession {
  readonly id: string;
  readonly tokenHash: string;
  readonly partnerId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** The session this browser had before; it ends with the new one. */
  readonly replaces: string | null;
  /** The hash of the password that was typed; null where none was. */
  readonly passwordHash: string | null;
}

// The lock lets a new password wait for this session, so that it ends it, or this session for the new password.
const OPEN = {
  name: 'accounts-session-open',
  text: `
    with replaced as (delete from partner_program.session where token_hash = $6)
    insert into partner_program.session (id, token_hash, partner_id, ip, user_agent, expires_at)
    select $1, $2, partner_id, $4, $5, partner_program.now_ms() + interval '${SESSION_IDLE_HOURS} hours'
      from partner_program.account_login where partner_id = $3 and password_hash = coalesce($7, password_hash)
       for share
    returning id`,
};

/** @returns false when the login has ended or its password has changed in the meantime */
export async function openSession(tx: EntityManager, session: NewSession): Promise<boolean> {
  const { id, tokenHash, partnerId, ip, userAgent, replaces, passwordHash } = session;
  return (await rows(tx, OPEN, [id, tokenHash, partnerId, ip, userAgent, replaces, passwordHash])).length > 0;
}

const END_ALL = {
  name: 'accounts-session-end-all',
  text: `delete from partner_program.session where partner_id = $1 and token_hash is distinct from $2`,
};

/** @param but the hash of the one session that goes on; null for none */
export async function endSessions(tx: EntityManager, partnerId: string, but: string | null): Promise<void> {
  await run(tx, END_ALL, [partnerId, but]);
}

export interface SessionRow {
  readonly id: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly current: boolean;
}

const LIST = {
  name: 'accounts-session-list',
  text: `
    select id, created_at, last_seen_at, expires_at, host(ip) as ip,
           user_agent, token_hash = $2 as current
      from partner_program.session
     where partner_id = $1 and expires_at > partner_program.now_ms()
     order by token_hash = $2 desc, last_seen_at desc limit 100`,
};

/** The sessions that have not ended, the current one first. */
export function listSessions(tx: EntityManager, partnerId: string, currentHash: string): Promise<SessionRow[]> {
  return rows(tx, LIST, [partnerId, currentHash]);
}

const KNOW_DEVICE = {
  name: 'accounts-device-know',
  text: `
    insert into partner_program.known_device (token_hash, partner_id) values ($1, $2)
    on conflict on constraint known_device_pkey do update set last_used_at = partner_program.now_ms()`,
};

export async function knowDevice(tx: EntityManager, tokenHash: string, partnerId: string): Promise<void> {
  await run(tx, KNOW_DEVICE, [tokenHash, partnerId]);
}

const FORGET_DEVICES = {
  name: 'accounts-device-forget',
  text: `delete from partner_program.known_device where partner_id = $1 and token_hash is distinct from $2`,
};

/** @param but the hash of the one browser that stays known; null for none */
export async function forgetDevices(tx: EntityManager, partnerId: string, but: string | null): Promise<void> {
  await run(tx, FORGET_DEVICES, [partnerId, but]);
}

export const SESSIONS_RETENTION: readonly Retention[] = [
  {
    // So that no session comes to life again when the clock of the database is put back. @see F15
    name: 'retention-sessions',
    what: 'sessions that have expired',
    days: 0,
    everySeconds: 60,
    text: `
      delete from partner_program.session where id in (
        select id from partner_program.session
         where expires_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
  {
    name: 'retention-devices',
    what: 'browsers known to an account, after their last login',
    days: 400,
    text: `
      delete from partner_program.known_device where (token_hash, partner_id) in (
        select token_hash, partner_id from partner_program.known_device
         where last_used_at < partner_program.now_ms() - make_interval(days => $1) limit $2)`,
  },
];
