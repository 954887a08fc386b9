import type { Permission } from '../../../host';
import type { Locale } from '../../../kernel/locale';

/** Where a partner stands in the tree: what lists of a downline begin with. */
export interface TreePlace {
  /** Between these the index of paths has the downline. */
  readonly low: string;
  readonly high: string;
  /** The path is longer than what the index compares: then others stand between these too. */
  readonly isDeep: boolean;
  readonly depth: number;
  readonly directCount: number;
  readonly downlineCount: number;
  /** About how many partners there are in all. */
  readonly everybody: number;
}

/** A partner as far as access and greeting need it. */
export interface ActorPartner {
  readonly id: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string | null;
  /** Null where the program's own language is good enough. */
  readonly locale: Locale | null;
  readonly status: 'active' | 'awaitingApproval' | 'suspended' | 'left';
  readonly emailConfirmed: boolean;
  /** How many notifications wait to be seen; ten stands for ten or more. */
  readonly unseenNotifications: number;
  /** Null for somebody who stands nowhere yet. */
  readonly place: TreePlace | null;
}

/** Who sends a request: a CRM user, a partner without a CRM account, both in one person, or a machine with an API key. */
export interface Actor {
  /** The host's id of a CRM user; null for a partner without a CRM account and for a machine. */
  readonly userId: string | null;
  readonly partner: ActorPartner | null;
  readonly permissions: ReadonlySet<Permission>;
  readonly name: string;
  readonly locale: Locale;
  /** How the sender is written into audit columns: `user:<id>`, `partner:<id>` or `key:<id>`. */
  readonly ref: string;
  /** Of the request the person is sending. */
  readonly requestId: string;
  /** Where the request comes from, as the host's `trust proxy` has it; null once the connection is gone. */
  readonly ip: string | null;
}
