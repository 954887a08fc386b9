/** Every way the CRM says no, with its HTTP status; the texts stand in `views/locales.json`. */
export const REFUSALS = {
  CLIENT_UNKNOWN: 422,
  CLOCK_BACKWARDS: 409,
  CURRENCY_UNKNOWN: 422,
  EMAIL_TAKEN: 409,
  FORBIDDEN: 403,
  FOREIGN_ORIGIN: 403,
  FUTURE_CHANGE: 422,
  INTERNAL: 500,
  INVALID_INPUT: 400,
  MALFORMED_REQUEST: 400,
  NOT_FOUND: 404,
  NUMBER_TAKEN: 409,
  SELLER_UNKNOWN: 422,
  STATUS_UNKNOWN: 422,
  SUPERVISOR_CYCLE: 409,
  SUPERVISOR_UNKNOWN: 422,
  TOO_LARGE: 413,
  TOO_MANY_ATTEMPTS: 429,
  UNAUTHENTICATED: 401,
  UNAVAILABLE: 503,
  WRONG_CREDENTIALS: 401,
} as const satisfies Record<string, number>;

export type RefusalCode = keyof typeof REFUSALS;

/** One field of a body that cannot be taken as it is. */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

export class CrmRefusal extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly errors?: readonly FieldError[],
  ) {
    super(code);
    this.name = 'CrmRefusal';
  }
}

/** What the database's rules are called toward a person: the rule stands there once, and is only translated here. */
const REFUSAL_OF_CONSTRAINT: Readonly<Record<string, RefusalCode>> = {
  user_email_key: 'EMAIL_TAKEN',
  user_supervisor_fkey: 'SUPERVISOR_UNKNOWN',
  user_supervisor_no_cycle: 'SUPERVISOR_CYCLE',
  contract_number_key: 'NUMBER_TAKEN',
  contract_client_fkey: 'CLIENT_UNKNOWN',
  contract_seller_fkey: 'SELLER_UNKNOWN',
  contract_status_fkey: 'STATUS_UNKNOWN',
};

/** PostgreSQL's word for a text it cannot hold, such as one with a NUL in it. */
const UNTRANSLATABLE_TEXT = '22021';

/** The refusal that a failed statement means, if it means one. */
export function refusalOfStatement(error: unknown): RefusalCode | undefined {
  const { driverError } = (error ?? {}) as { driverError?: { code?: string; constraint?: string } };
  if (driverError?.code === UNTRANSLATABLE_TEXT) return 'INVALID_INPUT';
  return REFUSAL_OF_CONSTRAINT[driverError?.constraint ?? ''];
}
