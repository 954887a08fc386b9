/** Whose letters the mails of notifications are; each has its key from the id of its notification. */
export const LETTER_KIND = 'notification';
