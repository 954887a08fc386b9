import type { Test } from 'supertest';
import { bootApp } from '../support/app';
import { bodiesOf, WITHOUT_BODY, type Body } from './bodies';
import { codeOf, peopledWorld, type World } from './people';
import { sendRaw } from './raw';
import { routesOf } from './routes';

let world: World;
let bodies: Record<string, Body>;

beforeAll(async () => {
  const app = await bootApp({ worker: false });
  world = await peopledWorld(app);
  await world.office.levels(1000);
  bodies = bodiesOf(world);
});
afterAll(() => world.app.close());

/** What the entities have and no body may set. */
const NOT_YOURS: Record<string, unknown> = {
  id: '0190b6d5-0000-7000-8000-000000000001',
  status: 'active',
  balance: 1_000_000,
  balanceMinor: 1_000_000,
  partnerId: '0190b6d5-0000-7000-8000-000000000001',
  userId: 'admin',
  role: 'admin',
  permissions: ['configure'],
  createdAt: '2020-01-01',
  emailConfirmed: true,
  invitationId: '0190b6d5-0000-7000-8000-000000000001',
};

/** As text, because an object literal cannot hold all of them. */
const NAMES_OF_OBJECTS = [
  '"__proto__":{"status":"active"}',
  '"constructor":{"prototype":{"status":"active"}}',
  '"prototype":{"isAdmin":true}',
];

const NO_TEXT: readonly unknown[] = [
  7,
  true,
  ['text'],
  { text: 'text' },
  [['text']],
  { toString: 'text' },
  'a\0b',
  'a\ud800b',
  'x'.repeat(10_001),
];
const NO_NUMBER = [
  '10',
  'NaN',
  '１０',
  '0x10',
  1e21,
  -1e21,
  2 ** 53 + 2,
  1.5,
  true,
  [1],
  { amount: 1 },
  '',
  'Infinity',
  '1e3',
];
const NO_FLAG = ['true', 'false', 0, 1, [true], {}];
const NO_LIST = ['text', 7, { length: 1 }, [[]], [[[[1]]]], [null], Array.from({ length: 5_000 }, () => ({}))];

function wrongFor(name: string, value: unknown): readonly unknown[] {
  if (typeof value === 'number') return NO_NUMBER;
  if (typeof value === 'boolean') return NO_FLAG;
  if (Array.isArray(value)) return NO_LIST;
  if (/^(effective|from|to)/.test(name))
    return ['never', {}, [], '2026-13-45', '2026-02-30', '2026-02-30T00:00:00Z', '22 Nov 2026', 'a\0b', 0, 1e21, true];
  if (typeof value === 'string') return NO_TEXT;
  if (value === null) return ['never', { a: 1 }, 'a\0b', ['x']];
  return ['text', 7, [1]];
}

/** Everything the program has stored, but for who is logged in and how often somebody tried. */
async function stored(): Promise<string> {
  const { owner } = world.app;
  const tables: { name: string }[] = await owner.query(
    `select table_name as name from information_schema.tables where table_schema = 'partner_program'
     and table_type = 'BASE TABLE' and table_name not in ('session', 'attempt', 'known_device') order by 1`,
  );
  const union = tables.map(
    ({ name }) =>
      `select '${name}' || md5(coalesce(string_agg(t::text, '' order by t::text), '')) as sum from partner_program."${name}" t`,
  );
  const [row] = await owner.query<{ sum: string }[]>(
    `select string_agg(sum, ' ' order by sum) as sum from (${union.join(' union all ')}) all_tables`,
  );
  return row!.sum;
}

/** Any of 400 to 499, as a matcher. */
const CLIENTS_FAULT: unknown = {
  asymmetricMatch: (status: number) => status >= 400 && status < 500,
  toString: () => '4xx',
};

const send = ({ who, method, path }: Body, body: string | object): Test =>
  who[method.toLowerCase() as 'post'](path).set('content-type', 'application/json').send(body);

const textWith = (body: Body, more: string): string => `${JSON.stringify(body.valid).slice(0, -1)},${more}}`;

/** Refused by the client's fault, in the one shape that all refusals have, and nothing came of it. */
async function expectRefused(
  what: string,
  call: Test,
  codes = /^(INVALID_INPUT|MALFORMED_REQUEST|TOO_LARGE)$/,
): Promise<void> {
  const { status, headers, body } = await call;
  expect([what, status >= 400 && status < 500, codeOf({ body })]).toEqual([what, true, expect.stringMatching(codes)]);
  expect(headers['content-type']).toContain('application/problem+json');
}

const NAMES = Object.keys(bodiesOf({ self: {}, people: {}, office: {} } as unknown as World));

describe('[F72] fields that nobody may set', () => {
  it('knows a body for every route that reads one', () => {
    const writes = routesOf(world.app).filter((route) => /^(POST|PUT|PATCH|DELETE) \/partner-program/.test(route));
    const known = Object.values(bodies).map(({ method, path }) =>
      `${method} ${path}`.replace(/[0-9a-f-]{36}/, ':x').replace(/[\w-]{43}|NOSUCHCODE/, ':x'),
    );
    expect([...known, ...WITHOUT_BODY.map((route) => route.replace(/:\w+/, ':x'))].sort()).toEqual(
      writes.map((route) => route.replace(/:\w+/, ':x')).sort(),
    );
  });

  it.each(NAMES)('%s', async (name) => {
    const body = bodies[name]!;
    const before = await stored();
    const foreign = Object.entries(NOT_YOURS).filter(([field]) => !(field in body.valid));
    for (const [field, value] of foreign) {
      for (const form of [value, [value], { nested: value }]) {
        await expectRefused(field, send(body, { ...body.valid, [field]: form }), /^INVALID_INPUT$/);
      }
    }
    for (const more of NAMES_OF_OBJECTS) await expectRefused(more, send(body, textWith(body, more)), /^INVALID_INPUT$/);
    for (const [field, value] of Object.entries(body.valid)) {
      if (typeof value !== 'object' || value === null) continue;
      const [first] = Array.isArray(value) ? value : [value];
      if (typeof first !== 'object') continue;
      const nested = { ...(first as object), id: 1 };
      await expectRefused(
        field,
        send(body, { ...body.valid, [field]: Array.isArray(value) ? [nested] : nested }),
        /^INVALID_INPUT$/,
      );
    }
    expect(await stored()).toEqual(before);
    expect(({} as Record<string, unknown>)['status']).toBeUndefined();
  });

  it('drops them from a form, which has more fields than those of its body', async () => {
    const form = { locale: 'pl', id: '7', status: 'active', button: 'save' };
    await world.people.admin.put('/partner-program/settings').type('form').send(form).expect(200);
  });

  /** What a person must say or call by a name, and where a field may be left out but not emptied. */
  const NO_BLANKS = {
    'a move': ['reason'],
    'a suspension': ['reason'],
    'a rank': ['rank'],
    'a correction': ['reason'],
    'a payout account': ['holder'],
    'a rejection': ['reason'],
    'a plan': ['name'],
    'an API key': ['name'],
    'an invitation': ['firstName', 'lastName', 'subject', 'body'],
  };

  it.each(Object.entries(NO_BLANKS))('[P14] [P17] takes no blanks for a word: %s', async (name, fields) => {
    const body = bodies[name]!;
    const before = await stored();
    for (const field of fields) {
      await expectRefused(field, send(body, { ...body.valid, [field]: ' '.repeat(20) }), /^INVALID_INPUT$/);
    }
    expect(await stored()).toEqual(before);
  });

  it.each(['settings', 'a changed webhook'])('keeps what is not to be emptied: %s', async (name) => {
    const body = bodies[name]!;
    const before = await stored();
    for (const field of Object.keys(body.valid)) {
      await expectRefused(field, send(body, { ...body.valid, [field]: null }), /^INVALID_INPUT$/);
    }
    expect(await stored()).toEqual(before);
  });

  it('takes null for a field that may be left out', async () => {
    const { valid, path } = bodies['a plan']!;
    const created = await world.people.admin
      .post(path)
      .send({ ...valid, conditions: null, holdingDays: null, compression: null });
    expect([created.status, codeOf(created)]).toEqual([201, undefined]);
  });
});

describe('[F79] [F36] values of another kind', () => {
  it.each(NAMES)('%s', async (name) => {
    const body = bodies[name]!;
    const before = await stored();
    for (const [field, value] of Object.entries(body.valid)) {
      for (const wrong of wrongFor(field, value)) {
        await expectRefused(
          `${field}: ${JSON.stringify(wrong).slice(0, 60)}`,
          send(body, { ...body.valid, [field]: wrong }),
        );
      }
    }
    for (const whole of ['[]', JSON.stringify([body.valid]), '7', '"text"', 'null', 'true']) {
      await expectRefused(whole, send(body, whole));
    }
    expect(await stored()).toEqual(before);
  });
});

describe('[F79] bodies that are none', () => {
  const deep = (depth: number, open: string, inner: string, close: string) =>
    open.repeat(depth) + inner + close.repeat(depth);
  const BROKEN: Record<string, string | Buffer> = {
    'half an object': '{"amountMinor":',
    'not JSON': 'amountMinor=1',
    'a comma too many': '{"reason":"long enough",}',
    NaN: '{"amountMinor":NaN}',
    'a comment': '{"reason":"long enough"/*x*/}',
    'invalid UTF-8': Buffer.from([0x7b, 0x22, 0x61, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    'overlong UTF-8': Buffer.from([0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d]),
    'a mark of UTF-16': Buffer.from('\ufeff{"reason":"long enough"}', 'utf16le'),
    'deep lists': `{"reason":${deep(90_000, '[', '', ']')}}`,
    'deep objects': deep(30_000, '{"a":', '1', '}'),
    'deep brackets alone': deep(90_000, '[', '', ']'),
    'a huge list': `{"ids":[${'1,'.repeat(90_000)}1]}`,
    'many fields': `{${Array.from({ length: 15_000 }, (_, at) => `"f${at}":1`).join(',')}}`,
    'a number of many digits': `{"amountMinor":${'9'.repeat(50_000)}}`,
    'too much': JSON.stringify({ reason: 'x'.repeat(300_000) }),
    nothing: '',
    nulls: '\0\0\0\0',
  };

  it.each(Object.entries(BROKEN))('%s', async (_, body) => {
    for (const name of [
      'a correction',
      'a payout',
      'a plan',
      'payouts',
      'settings',
      'login',
      'an invitation',
    ] as const) {
      if (body === '' && ['a payout', 'settings'].includes(name)) continue; // Everything in it may be left out.
      const { who, method, path } = bodies[name]!;
      const headers = { 'content-type': 'application/json', 'idempotency-key': 'the same' };
      const reply = await sendRaw(world.app, who, { method, path, headers, body });
      expect([name, reply.status]).toEqual([name, CLIENTS_FAULT]);
      expect(reply.headers['content-type']).toContain('application/problem+json');
    }
    await world.app.anonymous().get('/partner-program/health/ready').expect(200);
  });

  const TYPES: Record<string, Record<string, string>> = {
    'no type': {},
    'plain text': { 'content-type': 'text/plain' },
    'another charset': { 'content-type': 'application/json; charset=koi8-r' },
    'a foreign type': { 'content-type': 'application/xml' },
    'JSON called a form': { 'content-type': 'application/x-www-form-urlencoded' },
    'an unknown encoding': { 'content-type': 'application/json', 'content-encoding': 'rot13' },
    'gzip that is none': { 'content-type': 'application/json', 'content-encoding': 'gzip' },
  };

  it.each(Object.entries(TYPES))('%s', async (_, headers) => {
    const { who, method, path, valid } = bodies['a correction']!;
    const before = await stored();
    const reply = await sendRaw(world.app, who, { method, path, headers, body: JSON.stringify(valid) });
    expect(reply.status).toEqual(CLIENTS_FAULT);
    expect(reply.headers['content-type']).toContain('application/problem+json');
    expect(await stored()).toEqual(before);
  });

  it('takes the last of two fields with one name, as JSON does, through the same rules', async () => {
    const body = bodies['a correction']!;
    await expectRefused('the last one', send(body, textWith(body, '"amountMinor":"7"')), /^INVALID_INPUT$/);
  });
});

describe('[F88] [F73] addresses', () => {
  const QUERIES = [
    'limit=1&limit=2',
    'limit=0',
    'limit=-1',
    'limit=1e9',
    'limit=abc',
    'cursor=a&cursor=b',
    'cursor=%00',
    'cursor=bm9uc2Vuc2U',
    'cursor=W10',
    'cursor=WyJhIl0',
    'cursor=WyJhIiwiYiJd',
    'cursor=WzFlOTksMWU5OV0',
  ];
  const LISTS = ['partners', 'partners/tree', 'invitations', 'withdrawals', 'jobs', 'approvals'];

  it.each(LISTS)('of the list %s', async (list) => {
    const who = list === 'invitations' ? world.people.self : world.people.admin;
    for (const query of QUERIES) {
      const { status, body } = await who.get(`/partner-program/${list}?${query}`);
      expect([query, status, codeOf({ body })]).toEqual([query, 400, 'INVALID_INPUT']);
    }
  });

  const FILTERS = [
    'search',
    'status',
    'sort',
    'level',
    'direct',
    'kind',
    'from',
    'to',
    'currency',
    'account',
    'ids',
    'open',
    'find',
    'amountMinor',
    'amount',
    'sponsor',
    'effectiveAt',
    'format',
    'next',
    '_from',
    '_method',
    'lang',
  ];
  const INJECTED = [
    "'",
    "' or 1=1--",
    '"; drop table partner_program.partner; --',
    '%',
    '\\',
    '%00',
    '%ff',
    '${7*7}',
    '{{7*7}}',
    '-200000-01-01',
    '%2B275760-09-13',
    '99999999999999999999',
    '%D8%A0',
    'a'.repeat(3_000),
  ];
  const PAGES = [
    'partners',
    'partners/tree',
    'partners/:id',
    'partners/:id/children',
    'partners/:id/entries',
    'partners/:id/entries.csv',
    'partners/:id/statement.pdf',
    'partners/:id/placements',
    'withdrawals',
    'withdrawals/payment-file',
    'jobs',
    'approvals',
    'login',
    'clients/flags',
    'contracts/:id/commission-preview',
    'plans/00000000-0000-7000-8000-000000000000/simulation',
    'registrations',
  ];

  it.each(PAGES)(
    '[F73] of %s',
    async (page) => {
      const path = `/partner-program/${page.replace(':id', world.self.partnerId)}`;
      for (const filter of FILTERS) {
        for (const value of INJECTED) {
          const { status } = await world.people.admin.get(
            `${path}?${filter}=${value.replace(/[ ;"'{}$\\]/g, encodeURIComponent)}`,
          );
          if (status >= 500) expect([filter, value, status]).toEqual([filter, value, 'below 500']);
        }
      }
    },
    120_000,
  );

  const PATHS = [
    'partners/:x',
    'partners/:x/children',
    'partners/:x/wallets',
    'withdrawals/:x',
    'invitations/:x',
    'contracts/:x/commission-preview',
    'contracts/:x/commissions',
    'registrations/link/:x',
    'registrations/invitation/:x',
    'email-confirmations/:x',
    'email-changes/:x',
    'password-resets/:x',
    'assets/:x/:x',
    'notices/:x',
    'plans/:x/simulation',
  ];
  const PARTS = [
    '%00',
    'a%00b',
    '%ff',
    '%',
    'undefined',
    'null',
    '[object Object]',
    '0',
    '-1',
    "'",
    '__proto__',
    'constructor',
    'x'.repeat(5_000),
    '%ED%A0%80',
    '%F0%9F%92%A9',
    '..%2f..%2fetc%2fpasswd',
    '00000000-0000-0000-0000-000000000000',
  ];

  it.each(PATHS)('[F61] [F73] with anything in %s', async (template) => {
    const who = template.startsWith('invitations') ? world.people.self : world.people.admin;
    for (const part of PARTS) {
      const path = `/partner-program/${template.replaceAll(':x', part.replace(/ /g, '%20'))}`;
      const reply = await sendRaw(world.app, who, { method: 'GET', path });
      expect([part, reply.status]).toEqual([part, CLIENTS_FAULT]);
    }
  });
});
