import type { Request } from 'express';
import type { Locale } from './kernel/locale';
import type { UnitNames, UnitWorth } from './kernel/units';

/** What a layout of the host's own receives: a finished page of the program to put into its frame. */
export interface PageFrame {
  readonly title: string;
  /** HTML, already escaped where it must be. */
  readonly body: string;
  readonly locale: Locale;
  readonly request: Request;
  /** Stylesheets and scripts (same origin) that the page needs in its head. */
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
}

/** A unit of the program's own, such as points. Its code and its digits never change. */
export interface UnitDefinition {
  /** Capital letters, digits and `_`, 2 to 12 of them; no code of ISO 4217. */
  readonly code: string;
  /** Decimals, 0 to 4: amounts are whole numbers of the smallest part. */
  readonly digits: number;
  /** What so many of it are called, in each language by the plural forms of `Intl.PluralRules`. */
  readonly names: UnitNames;
  /** Whether a bank can be told to pay it. Default false; the code then has three letters, as bank files ask. */
  readonly isMoney?: boolean;
  /** What one of it is worth in money, where it has such a worth. */
  readonly worth?: UnitWorth | null;
}

/**
 * How the program is set up in its host. What holds in the program is a setting that a holder of `configure` changes:
 * `currency`, `locale`, `timeZone` and `units` only say what a fresh program begins with, and are not asked again.
 */
export interface PartnerProgramOptions {
  /** The unit a fresh program begins with: an ISO 4217 code, or the code of one of `units`. */
  readonly currency: string;
  /** Units of the program's own, written down at the first start that names them. */
  readonly units?: readonly UnitDefinition[];
  /** Every link in a mail starts with it; no path, no slash at the end. */
  readonly publicUrl: string;
  /** The language a fresh program begins with, for where neither the person nor the browser names one. Default `pl`. */
  readonly locale?: Locale;
  /** Where days and months of a fresh program begin and end: an IANA time zone. Default `Europe/Warsaw`. */
  readonly timeZone?: string;
  /** Where a person without a session is sent to log in; `?next=` is added. Without it the page says 401. */
  readonly loginPath?: string;
  /** Puts a page into the host's own frame. Default: the program's plain layout. */
  readonly layout?: (page: PageFrame) => string | Promise<string>;
  /** A folder whose files replace the templates of the same relative path. */
  readonly templates?: string;
  /** Whether this process works on jobs. Default true; set false for processes that only answer requests. */
  readonly worker?: boolean;
  /** Redis for Bull, which then wakes one worker of all processes; without it NOTIFY and a timer do. */
  readonly redisUrl?: string;
  /**
   * Lets whoever sends `Authorization: Bearer <token>` read `/partner-program/metrics`; without it nobody can.
   * `process` adds what Node tells of the process (memory, event loop), for a host that has no metrics of its own.
   */
  readonly metrics?: { readonly token: string; readonly process?: boolean };
  /**
   * The account that withdrawals are paid from, for bank files. It belongs to the installation and is no setting, so
   * that nobody with a stolen session can change it.
   */
  readonly payer?: { readonly name: string; readonly iban: string; readonly bic?: string };
  /**
   * By default web hooks go to public addresses by https only. With `allowPrivateNetworks` they may also go by http, and
   * to hosts of the installation's own network.
   */
  readonly webhooks?: { readonly allowPrivateNetworks?: boolean };
}

export const PROGRAM_OPTIONS = Symbol('PartnerProgramOptions');
