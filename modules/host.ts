import type { Request } from 'express';
import type { Locale } from './kernel/locale';

/** The permissions the host grants to its roles; the program only asks. @see P1 */
export const PERMISSIONS = [
  'participate',
  'viewAllPartners',
  'manageBalances',
  'inviteLevelZero',
  'configure',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** A person with a CRM account. Ids are the host's own, opaque text. */
export interface HostUser {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  readonly locale: Locale | null;
  /** False for somebody who has left the company and cannot log in any more. Left out: active. */
  readonly active?: boolean;
}

export interface HostClient {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

export interface HostStatus {
  readonly key: string;
  readonly label: string;
  readonly position: number;
}

/** A contract as it stands in the CRM: what a commission is calculated from. */
export interface HostContract {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  /** Grows by one with every change of status, value or product; never used twice for one contract. */
  readonly version: number;
  /** The CRM user who sold it: level 0. Null where nobody did. */
  readonly sellerId: string | null;
  readonly clientId: string | null;
  /** Minor units of `currency`, >= 0. */
  readonly valueMinor: number;
  readonly currency: string;
  readonly product: string | null;
  /** Who referred it, where the CRM knows: a partner's id or referral code. @see P20 */
  readonly referredBy?: string | null;
  /** The kind of contract (new, renewal, …), where the CRM tells kinds apart; plans may ask for one. */
  readonly kind?: string | null;
}

/**
 * One change of one contract, reported with everything the calculation needs, so that it never has to ask
 * again what the contract looked like then.
 */
export interface ContractChange extends HostContract {
  /** The moment of the change, to the millisecond: the rules in force then apply. @see P12 */
  readonly occurredAt: Date;
  /** With a reversing status: the share of the base that is given back, 1..10 000; without: all of it. @see Q4 */
  readonly refundBps: number | null;
  /** The same as an amount of the base, 1..`valueMinor`; never beside `refundBps`. */
  readonly refundMinor?: number | null;
}

/** A mail, ready to send. `from` null means the program's notification mailbox. */
export interface OutgoingMail {
  /** Stays the same over retries; becomes the Message-ID, so that a mail server can see a repetition. */
  readonly id: string;
  readonly to: string;
  readonly from: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  /** Further headers, each of one line: of a mail one can unsubscribe from, those of RFC 8058. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What a CRM implements so that the partner program can live in it. `describeHost` from
 * `nestjs-partner-program/testing` checks an implementation.
 */
export abstract class Host {
  /** Who sends this request; null for nobody. Asked at most once a request. */
  abstract currentUser(request: Request): Promise<HostUser | null>;
  /** All that a user may do in the program, nothing for an unknown one. Asked at most once a request of a user. @see P1 */
  abstract permissionsOf(userId: string): Promise<ReadonlySet<Permission>>;
  /** The users of these ids, in any order; unknown ids are left out. */
  abstract users(ids: readonly string[]): Promise<HostUser[]>;
  /** The holders of a permission: whom to notify of a withdrawal or a missing document. */
  abstract usersWith(permission: Permission): Promise<HostUser[]>;
  /** The id of the user's supervisor in the employee hierarchy, null at the top. @see P3 */
  abstract supervisorOf(userId: string): Promise<string | null>;
  abstract clients(ids: readonly string[]): Promise<HostClient[]>;
  /** The contract as it stands now; null for an unknown id. */
  abstract contract(id: string): Promise<HostContract | null>;
  /** The statuses a contract can have, in their order. */
  abstract statuses(): Promise<HostStatus[]>;
  /**
   * Changes since a cursor, oldest first, so that a nightly job can catch up on what was never reported.
   * @param cursor null at the very first call, then what the last call returned
   */
  abstract contractsChangedSince(
    cursor: string | null,
    limit: number,
  ): Promise<{ changes: ContractChange[]; cursor: string | null }>;
  /** The user's own mailbox, when one is configured: invitations go out from it. @see P8 */
  abstract mailboxOf(userId: string): Promise<string | null>;
  /**
   * The user who has this e-mail address, whatever its case; null for none. Without it the program looks among the
   * holders of `participate`.
   * @see P21
   */
  userByEmail?(email: string): Promise<HostUser | null>;
  /**
   * The users directly below a supervisor, without those who have left. Without it the program asks for the supervisor of
   * every holder of `participate`.
   * @see P21
   */
  subordinatesOf?(userId: string): Promise<HostUser[]>;
  /** Hand a mail over for delivery. A rejection means that it may be tried again. */
  abstract sendMail(mail: OutgoingMail): Promise<void>;
}
