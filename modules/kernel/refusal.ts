/**
 * Every way the program says no, with the HTTP status it answers. The texts stand in
 * `templates/locales/<locale>/refusals.json` under `refusal.<CODE>`; a test compares the two lists.
 */
export const REFUSALS = {
  ADDRESS_SUPPRESSED: 409,
  ALREADY_DECIDED: 409,
  ALREADY_INVITED: 429,
  ALREADY_JOINED: 409,
  ALREADY_LINKED: 409,
  ALREADY_PARTNER: 409,
  ALREADY_REMINDED: 429,
  ALREADY_SUSPENDED: 409,
  AWAITING_APPROVAL: 403,
  BALANCE_LEFT: 409,
  BALANCE_NEGATIVE: 409,
  BELOW_MINIMUM: 422,
  CLIENT_BONDED: 409,
  CLIENT_TAKEN: 409,
  CLIENT_UNKNOWN: 422,
  COMMISSIONS_MATURING: 409,
  CONTRACT_NOT_FOUND: 404,
  CRM_ACCOUNT: 409,
  CURRENCY_UNKNOWN: 422,
  DEBT_IN_OTHER_UNIT: 409,
  DELIVERY_WAITING: 409,
  EFFECTIVE_DATE_PAST: 422,
  EFFECTIVE_DATE_TAKEN: 409,
  EMAIL_TAKEN: 409,
  EMAIL_UNCONFIRMED: 403,
  EXPIRES_IN_PAST: 422,
  FORBIDDEN: 403,
  FOREIGN_ORIGIN: 403,
  FUTURE_CHANGE: 422,
  IBAN_MISSING: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  INSUFFICIENT_FUNDS: 422,
  INVALID_AMOUNT: 400,
  INVALID_INPUT: 400,
  INVITATION_INACTIVE: 410,
  JOB_NOT_DEAD: 409,
  LINK_INACTIVE: 410,
  MALFORMED_REQUEST: 400,
  METHOD_NOT_ALLOWED: 405,
  NOTHING_TO_PAY: 409,
  NOT_AWAITING_APPROVAL: 409,
  NOT_A_PARTNER: 403,
  NOT_A_PDF: 422,
  NOT_FOUND: 404,
  NOT_SUSPENDED: 409,
  NO_EXCEPTION_NEEDED: 409,
  NO_OWN_LOGIN: 409,
  NO_PAYER: 409,
  NO_REMINDER_NEEDED: 409,
  NO_TERMS: 409,
  OTHER_PERSON: 409,
  OWN_CLIENT_LINK: 403,
  OWN_WALLET: 403,
  OWN_WITHDRAWAL: 403,
  PARTNER_LEFT: 409,
  PARTNER_SUSPENDED: 403,
  PASSWORD_TOO_LONG: 422,
  PASSWORD_TOO_SHORT: 422,
  PASSWORD_TOO_WEAK: 422,
  PAYOUT_ACCOUNT_GIVEN: 409,
  PAYOUT_ACCOUNT_MISSING: 409,
  PDF_NOT_PLAIN: 422,
  PEOPLE_ONLY: 403,
  PLACEMENT_PLANNED: 409,
  PLACEMENT_UNCHANGED: 409,
  PLAN_INVALID: 422,
  PLAN_NOT_ACTIVE: 409,
  PLAN_NOT_DRAFT: 409,
  SELF_REFERRAL: 422,
  STATUS_UNKNOWN: 422,
  STILL_UNDER_WAY: 429,
  SUBORDINATE_CANNOT_JOIN: 409,
  SUPERVISOR_CANNOT_JOIN: 409,
  SUPERVISOR_NOT_JOINED: 409,
  TERMS_NOT_ACCEPTED: 409,
  TERMS_OUTDATED: 409,
  TOO_LARGE: 413,
  TOO_MANY_ATTEMPTS: 429,
  TOO_MANY_INVITATIONS: 429,
  TOO_MANY_REFERRALS: 429,
  TOO_MANY_REGISTRATIONS: 429,
  TREE_CYCLE: 409,
  TREE_TOO_DEEP: 409,
  UNAUTHENTICATED: 401,
  UNIT_CODE_TAKEN: 409,
  UNIT_IN_USE: 409,
  UNIT_NOT_MONEY: 422,
  UNSUPPORTED_MEDIA: 415,
  USER_IS_PARTNER: 409,
  USER_UNKNOWN: 422,
  WALLET_CHANGED: 412,
  WEBHOOK_INACTIVE: 409,
  WEBHOOK_URL_REFUSED: 422,
  WITHDRAWAL_ALREADY_PENDING: 409,
  WITHDRAWAL_BLOCKED: 409,
  WITHDRAWAL_IN_FILE: 409,
  WITHDRAWAL_NOT_PENDING: 409,
  WITHDRAWAL_PENDING: 409,
  WRONG_CREDENTIALS: 401,
  WRONG_PASSWORD: 403,
} as const satisfies Record<string, number>;

export type RefusalCode = keyof typeof REFUSALS;

/** What a message needs to know: names, amounts (`{amountMinor, currency}`), dates, field errors. */
export type RefusalParams = Readonly<Record<string, unknown>>;

/** One field of a form or body that cannot be taken as it is. */
export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/**
 * The one error a person can meet: a stable code and what its message needs. Everything else thrown is a bug,
 * answered with 500 and logged under a reference number.
 */
export class Refusal extends Error {
  constructor(
    readonly code: RefusalCode,
    readonly params: RefusalParams = {},
  ) {
    super(code);
    this.name = 'Refusal';
  }

  get status(): number {
    return REFUSALS[this.code];
  }
}
