import { REFUSALS } from '../modules/kernel/refusal';
import type { Schema } from './schemas';

/** What holds for every operation. */
export const INTRODUCTION = `
A partner program inside a CRM: partners stand in a tree, contracts pay commissions up the tree, wallets hold them, and
withdrawals pay them out.

**Answers.** One address answers everybody: JSON by default (\`Accept: application/json\` or \`*/*\`), a page to a browser
(\`Accept: text/html\`), a piece of one to htmx. A form of a browser is answered with 303 to the page that follows.

**Money** is a whole number of minor units (\`amountMinor\`: PLN 2 decimals, JPY 0) with a \`currency\`: a code of ISO 4217, or a unit of the program's own such as points.
**Rates** are basis points (\`rateBps\`: 1250 is 12.5 %). **Times** are ISO 8601 in UTC. **Ids** are UUIDs of the
program; ids of the CRM (\`contractId\`, \`clientId\`) are opaque texts. More fields may be added, none is renamed.

**Lists** answer \`{data, nextCursor}\`; \`nextCursor\` goes into \`cursor\` of the next request and is null at the end.

**Problems** are \`application/problem+json\` (RFC 9457). \`code\` is the stable name; \`title\` and \`detail\` are in the
reader's language. What must not be seen answers 404, as what does not exist.

Every answer carries the name of its request in \`X-Request-Id\`; logs know it by that.

**Writes** need a request from the same origin (\`Origin\`, \`Sec-Fetch-Site\`) or a client that sends neither.

**Machines** send a key in \`Authorization: Bearer pp_…\`; its scopes say what it is good for. Whoever may write by a
permission may read by it.

**Who may.** \`self\` is an active partner about himself; every other name is a permission that the CRM gives its users.
Of several lines under security any one suffices. A partner's own session may look at everything of his while he is
suspended, and change nothing.
`.trim();

/** The rooms of the program as readers of the API know them. */
export const ROOMS: Readonly<Record<string, string>> = {
  audit: 'Who changed what, and when.',
  'api-keys': 'Keys by which other systems ask the program.',
  accounts: 'The login of partners without a CRM account.',
  commissions: 'What contracts pay, and why; moving partners.',
  dashboard: 'What a partner sees first.',
  overview: 'Where administrators begin.',
  search: 'One field for people, contracts and requests.',
  invitations: 'Inviting and registering people, links, approvals.',
  membership: 'How users of the CRM become partners.',
  notifications: 'What partners are told, in the portal and by mail.',
  ledger: 'Whether the books are true.',
  operations: 'The machine room: health, metrics, jobs.',
  partners: 'The tree of partners.',
  plans: 'Commission plans and their versions.',
  settings: 'Settings of the program.',
  'client-links': 'Clients whom partners refer, and the queue of the company.',
  units: 'What amounts are counted in beside the currencies: points and other units of the program.',
  documents: 'The terms of the program and who accepted them.',
  wallets: 'Balances, movements, corrections.',
  redemptions: 'Withdrawals: asked for, paid, rejected, cancelled.',
  'payout-accounts': 'Where withdrawals are paid to.',
  statements: 'Movements as files.',
  webhooks: 'What other systems are told of by themselves.',
  profile: 'The own membership.',
  web: 'Files, this document.',
};

/** Sessions are cookies; what stands in the brackets of an operation is who may use it. */
export const SECURITY_SCHEMES = {
  crmSession: {
    type: 'apiKey',
    in: 'cookie',
    name: 'crm.sid',
    description: 'The session of a user of the CRM; the name of its cookie is the CRM’s affair.',
  },
  ownSession: {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-pp_session',
    description: 'The session of a partner without a CRM account, from `logIn`; over plain http it is `pp_session`.',
  },
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'A key of a machine, made by a holder of `configure`; the brackets name the scope that it needs.',
  },
  metricsToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of the installation, option `metrics.token`.',
  },
};

export const COMMON_PARAMETERS = {
  AcceptLanguage: {
    name: 'Accept-Language',
    in: 'header',
    description: 'The language of texts for people, where the user has chosen none: pl, pt-BR, en.',
    schema: { type: 'string' },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'The same key with the same body answers the first result again for 30 days, with another body `IDEMPOTENCY_KEY_REUSED`.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The version of the wallet that was looked at, `"12"`; another one answers `WALLET_CHANGED`.',
    schema: { type: 'string', pattern: '^\\s*(\\*|(W/)?"\\d{1,15}")\\s*$' },
  },
};

export const COMMON_HEADERS = {
  RateLimit: {
    description: 'What is left of the own quota: `"login-address";r=29;t=20`, all of it again in `t` seconds.',
    schema: { type: 'string' },
  },
  RateLimitPolicy: {
    description: 'The own quota: `"login-address";q=30;w=600` is 30 in 600 seconds.',
    schema: { type: 'string' },
  },
  RetryAfter: { description: 'Seconds after which it may succeed.', schema: { type: 'integer', minimum: 1 } },
};

/** Schemas that no type of the program stands for: a problem is put together when it is answered. */
export const COMMON_SCHEMAS: Readonly<Record<string, Schema>> = {
  Problem: {
    type: 'object',
    description: 'RFC 9457, with what the refusal says besides.',
    properties: {
      type: { type: 'string', pattern: '^urn:partner-program:' },
      title: { type: 'string', description: 'In the reader’s language.' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      code: { $ref: '#/components/schemas/ProblemCode' },
      detail: { type: 'string', description: 'In the reader’s language.' },
      errors: { type: 'array', items: { $ref: '#/components/schemas/FieldError' } },
      reference: { type: 'string', description: 'Of `INTERNAL` and `UNAVAILABLE`: the number it is logged under.' },
    },
    required: ['type', 'title', 'status', 'code', 'detail'],
  },
  ProblemCode: { enum: [...Object.keys(REFUSALS), 'INTERNAL', 'UNAVAILABLE'].toSorted() },
  FieldError: {
    type: 'object',
    properties: {
      field: { type: 'string', description: 'A path in the body: `levels.0.rateBps`.' },
      code: { type: 'string', description: 'The broken rule: `IS_INT`, `MAX_LENGTH`.' },
      message: { type: 'string', description: 'In the reader’s language.' },
    },
    required: ['field', 'code', 'message'],
  },
};
