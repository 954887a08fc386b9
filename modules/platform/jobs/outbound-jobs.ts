/**
 * The kinds of jobs that leave the database: what they did is not undone by restoring a backup, and must not be done
 * again by the copy. A test compares this list with the handlers. @see F22
 */
export const OUTBOUND_JOBS = [
  'clientLinkSubmitted',
  'letter',
  'mail',
  'supervisorJoined',
  'webhook',
  'withdrawalRequested',
] as const;
