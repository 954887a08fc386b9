import type { Limit } from '../../platform/throttle/throttle.service';

/**
 * How often somebody may try. The owner of an account is never locked out by strangers: a browser that has logged in
 * to it before counts for itself, and a reset by mail forgives what was tried.
 * @see F62 F63 F64
 */
export const LIMITS = {
  /** Failed logins from one address of the network, over all accounts. */
  loginFromAddress: { name: 'login-address', burst: 30, secondsEach: 20 },
  /** Failed logins to one account from browsers that it does not know, over all addresses. */
  loginToAccount: { name: 'login-account', burst: 10, secondsEach: 180 },
  /** Failed logins to one account from one browser that it knows. */
  loginFromDevice: { name: 'login-device', burst: 10, secondsEach: 60 },
  /** Wrong passwords typed by somebody who is logged in: a stolen session must not become a stolen password. */
  passwordOfSession: { name: 'password', burst: 5, secondsEach: 300 },
  /** Requests for a link to reset a password, from one address of the network. */
  resetFromAddress: { name: 'reset-address', burst: 10, secondsEach: 300 },
  /** Mails with such a link to one mailbox; above it the answer is the same, and no mail goes out. */
  resetToMailbox: { name: 'reset-mailbox', burst: 3, secondsEach: 3_600 },
  /** Requests for a link to confirm an address by people who are not logged in, from one address of the network. */
  confirmationFromAddress: { name: 'confirmation-address', burst: 10, secondsEach: 300 },
  /** Mails to confirm one address, beyond the one that registering sends. */
  confirmationToMailbox: { name: 'confirmation-mailbox', burst: 3, secondsEach: 1_800 },
  /** Requests to change the address of an account. */
  emailChange: { name: 'email-change', burst: 3, secondsEach: 3_600 },
} as const satisfies Record<string, Limit>;
