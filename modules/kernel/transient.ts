/**
 * PostgreSQL's errors that pass: connections, resources, an operator's intervention, the machine; serialisation,
 * deadlock, a lock that was not free.
 */
const PASSING_CODES = /^(08...|53...|57P..|58...|40001|40P01|55P03)$/;
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
  const cause = (error as { driverError?: unknown } | null)?.driverError ?? error;
  const { code, message } = (cause ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return PASSING_CODES.test(code) || NETWORK_CODES.includes(code);
  return typeof message === 'string' && GONE.some((beginning) => message.startsWith(beginning));
}
