/**
 * PostgreSQL's errors that pass: connections, resources, an operator's intervention, the machine; serialisation,
 * deadlock, a lock that was not free.
 */
const PASSING_CODES = /^(08...|53...|57P..|58...|40001|40P01|55P03)$/;
/** Those after which certainly nothing was committed: serialisation, deadlock, a lock that was not free. */
const UNDONE_CODES = /^(40001|40P01|55P03)$/;
const NETWORK_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'];
/** What the driver and TypeORM say of a connection that is gone; they give these no code. */
const GONE = [
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed',
  'timeout exceeded when',
  'Query runner already released',
  'Database connection provided by a query runner was already released',
];

/**
 * Whether the same work may well succeed in a moment, because the database was away, overloaded or asked for a
 * repetition. It says nothing of the work itself.
 * @see F21
 */
export function isTransient(error: unknown): boolean {
  const { code, message } = causeOf(error);
  if (typeof code === 'string') return PASSING_CODES.test(code) || NETWORK_CODES.includes(code);
  return typeof message === 'string' && GONE.some((beginning) => message.startsWith(beginning));
}

/**
 * Whether nothing was changed and the next try may succeed. A lost connection is not among these errors: whether the
 * transaction was committed is then unknown here.
 */
export function isUndone(error: unknown): boolean {
  const { code } = causeOf(error);
  return typeof code === 'string' && UNDONE_CODES.test(code);
}

function causeOf(error: unknown): { code?: unknown; message?: unknown } {
  return (error as { driverError?: object } | null | undefined)?.driverError ?? error ?? {};
}
