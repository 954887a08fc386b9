import type { Letter } from '../../mail/mail.service';

export const LETTER_KIND = 'notification';

/** The mail of a notification: one each, however often it is asked for. */
export function letterOf(notificationId: string): Letter {
  return { key: `notification:${notificationId}`, kind: LETTER_KIND, subjectId: notificationId };
}
