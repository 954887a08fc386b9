import { DAY_SECONDS } from '../../kernel/day';
import type { Limit } from '../../platform/throttle/throttle.service';

/** How often somebody may invite, be invited and register. @see F64 */
export const LIMITS = {
  /** Invitations to one address, from all senders together. */
  recipient: { name: 'recipient', burst: 3, secondsEach: DAY_SECONDS / 3 },
  /** Invitations that one partner sends. */
  sender: { name: 'sender', burst: 50, secondsEach: DAY_SECONDS / 50 },
  /** Registrations without an invitation, from one network. */
  registration: { name: 'registration', burst: 200, secondsEach: 3_600 / 200 },
} as const satisfies Record<string, Limit>;
