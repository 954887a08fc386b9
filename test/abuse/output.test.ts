import { bootApp, type Agent } from '../support/app';
import { PDF } from '../support/program';
import { peopledWorld, codeOf, type World } from './people';
import { sendRaw } from './raw';

/** Closes what a text could stand in: an element, an attribute, a script, a template. */
const EVE = `"'><script>window.__xss=1</script><img src=x onerror=alert(1)>{{constructor}}\${7*7}<%=7*7%>`;
const FORMULA = '=HYPERLINK("http://evil.example")';
const HTML = 'text/html,application/xhtml+xml';

let world: World;
let contractId: string;
let external: Agent;

/** Everything that people can write holds the text of an attacker. */
beforeAll(async () => {
  const app = await bootApp();
  world = await peopledWorld(app);
  const { office, self, people } = world;
  const { admin } = office;
  external = people.external;
  const mustBe = (statuses: number[], { status, text }: { status: number; text: string }) => {
    if (!statuses.includes(status)) throw new Error(`${status}: ${text}`);
  };
  await app.owner.query(`update partner_program.partner set first_name = $1, last_name = $2, phone = $1`, [
    EVE.slice(0, 100),
    FORMULA,
  ]);
  await app.owner.query(
    `update partner_program.partner_path path set name_key = lower(p.last_name || ' ' || p.first_name)
       from partner_program.partner p where p.id = path.partner_id`,
  );
  await app.owner.query(`update crm."user" set first_name = $1, last_name = $2`, [EVE.slice(0, 100), FORMULA]);
  await office.plan({
    name: EVE.slice(0, 120),
    kind: 'levels',
    levels: [
      { level: 0, rateBps: 1000 },
      { level: 1, rateBps: 100 },
    ],
    conditions: { products: [EVE, ''].slice(0, 1) },
  });
  contractId = await office.contract(self, 1_000_00, { number: EVE.slice(0, 100), product: EVE });
  await office.status(contractId, 'signed');
  await office.settled();
  mustBe(
    [201],
    await admin
      .post(`/partner-program/partners/${self.partnerId}/adjustments`)
      .send({ amountMinor: 100_00, currency: 'PLN', reason: EVE }),
  );
  mustBe(
    [201],
    await admin
      .post(`/partner-program/partners/${self.partnerId}/adjustments`)
      .send({ amountMinor: 100_00, currency: 'PLN', reason: `${FORMULA}\t@x` }),
  );
  mustBe(
    [200, 201],
    await self.agent
      .put('/partner-program/payout-account')
      .send({ kind: 'iban', value: 'PL61109010140000071219812874', holder: EVE.slice(0, 140) }),
  );
  mustBe(
    [201],
    await self.agent
      .post('/partner-program/withdrawals')
      .send({ amountMinor: 10_00, currency: 'PLN', note: `${FORMULA} ${EVE}` }),
  );
  mustBe(
    [201],
    await self.agent.post('/partner-program/invitations').send({
      firstName: EVE.slice(0, 100),
      lastName: '=SUM(A1)',
      email: 'ola@poczta.example',
      subject: EVE,
      body: EVE,
    }),
  );
  mustBe(
    [201],
    await admin
      .post('/partner-program/terms')
      .field('title', EVE)
      .attach('file', PDF, { filename: `${EVE}.pdf` }),
  );
  const ranks = [{ rank: EVE.slice(0, 60), rateBps: 100 }];
  const plan = { name: 'Ranks', currency: 'PLN', kind: 'differential', compression: 'none', holdingDays: 0, ranks };
  mustBe([201], await admin.post('/partner-program/plans').send(plan));
  mustBe([200], await admin.put(`/partner-program/partners/${self.partnerId}/rank`).send({ rank: EVE.slice(0, 60) }));
});
afterAll(() => world.app.close());

const within = (from: number, below: number): unknown => ({
  asymmetricMatch: (status: number) => status >= from && status < below,
  toString: () => `${from}..${below - 1}`,
});
const CLIENTS_FAULT = within(400, 500);
const BELOW_500 = within(200, 500);

const pagesOf = (): [Agent, string][] => {
  const { self, people } = world;
  const partner = `/partner-program/partners/${self.partnerId}`;
  const admin = [
    'partners',
    'partners/tree',
    `partners/tree?open=${world.upline.partnerId}`,
    'partners?search=%3Cscript%3E',
    'withdrawals',
    'plans',
    'terms',
    'settings',
    'units',
    'reviews',
    `commissions?partnerId=${self.partnerId}`,
    'settings/contract-statuses',
    'jobs',
    'approvals',
    'integrity',
    'rederivation',
    `contracts/${contractId}/commission-preview`,
    `contracts/${contractId}/commissions`,
    'membership',
    'membership/subordinates',
    'membership/exceptions',
  ];
  const own = [
    '',
    '/invitations',
    '/invitations?done=%3Cscript%3E&next=%3Cimg%20src=x%3E',
    '/withdrawals',
    '/withdrawals/request',
    '/payout-account',
    '/client-links',
    '/commissions',
  ];
  const open = [
    'login',
    `login?next=${encodeURIComponent(EVE)}`,
    'registrations',
    'password-resets',
    'notices/confirmed',
    `nowhere/${encodeURIComponent(EVE)}`,
    `registrations/link/${encodeURIComponent(EVE)}`,
    'registrations/suppressed',
  ];
  return [
    ...admin.map((page): [Agent, string] => [people.admin, `/partner-program/${page}`]),
    ...['', '/entries', '/placements', '/placements?search=Kos'].map((page): [Agent, string] => [
      people.admin,
      partner + page,
    ]),
    ...own.map((page): [Agent, string] => [self.agent, `/partner-program${page}`]),
    ...open.map((page): [Agent, string] => [people.anonymous, `/partner-program/${page}`]),
    [external, '/partner-program/account'],
    [people.stranger, '/partner-program/partners'],
  ];
};

describe('pages', () => {
  it('[F74] [F75] show what people wrote as text', async () => {
    let shown = 0;
    for (const [agent, path] of pagesOf()) {
      for (const headers of [{ accept: HTML }, { accept: HTML, 'hx-request': 'true' }]) {
        const { text, headers: sent, status } = await agent.get(path).set(headers);
        if (status === 303 || !String(sent['content-type']).includes('html')) continue;
        expect([path, /<script>window|<img src=x/.test(text)]).toEqual([path, false]);
        expect(text).not.toMatch(/<script(?![^>]*\ssrc=")/);
        expect(text).not.toMatch(/\son\w+="/);
        expect(text).not.toMatch(/(href|src|action)="\s*(javascript|data:text|vbscript)/i);
        if (text.includes('&lt;script&gt;')) shown += 1;
      }
    }
    expect(shown).toBeGreaterThan(15); // The text is really on the pages.
  });

  it('[F74] keep scripts of others, frames and sniffing out', async () => {
    for (const [agent, path] of pagesOf()) {
      const { headers } = await agent.get(path).set('accept', HTML);
      const policy = String(headers['content-security-policy']);
      expect([path, policy]).toEqual([path, expect.stringMatching(/default-src 'none'|default-src 'self'/)]);
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
      expect(scripts).toBe("'self'");
      expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
      expect(policy).toMatch(/frame-ancestors 'self'|frame-ancestors 'none'/);
      expect(policy).toMatch(/base-uri '(none|self)'/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'referrer-policy': expect.stringMatching(/same-origin|no-referrer/) as string,
      });
      expect(headers).not.toHaveProperty('x-powered-by');
    }
  });

  it('[F74] hold JSON that no browser takes for a page', async () => {
    for (const [agent, path] of pagesOf()) {
      const { headers } = await agent.get(path).set('accept', 'application/json');
      expect([path, headers['content-type']]).toEqual([path, expect.stringMatching(/^application\/(problem\+)?json/)]);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});

it('[F60] [F86] a secret in an address is told to nobody', async () => {
  const secret = 'Canary'.padEnd(43, '0');
  const paths = ['zaproszenie', 'partner-program/password-resets', 'partner-program/email-confirmations'];
  for (const path of paths) {
    const { headers, text } = await world.people.anonymous.get(`/${path}/${secret}`).set('accept', HTML);
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    });
    expect(text).not.toMatch(/(src|href)="https?:/);
  }
  const stored: { found: boolean }[] = await world.app.owner.query(
    `select exists (select from partner_program.job where payload::text like '%' || $1 || '%') as found`,
    [secret],
  );
  expect(stored).toEqual([{ found: false }]);
});

describe('[F78] ways out', () => {
  const ELSEWHERE = [
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '\\\\evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    'https:evil.example',
    'https:/evil.example',
    'http:\\\\evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/..//evil.example',
    '/.//evil.example',
    '//evil.example@here.invalid',
    'http://here.invalid.evil.example',
    'http://here.invalid@evil.example',
    '/%2f/evil.example',
    '%2f%2fevil.example',
    '/;/evil.example',
    '//evil%E3%80%82example',
    'ｈttps://evil.example',
    '/\0/evil.example',
    '/a\r\nlocation: https://evil.example',
  ];
  const stays = (location: string | undefined): boolean => {
    const here = 'http://crm.example';
    return location === undefined || new URL(location, `${here}/partner-program/login`).origin === here;
  };

  it('after a login stay here', async () => {
    const email = (await external.get('/partner-program/account')).body as { email: string };
    for (const next of ELSEWHERE) {
      const form = await world.people.anonymous.get(`/partner-program/login?next=${encodeURIComponent(next)}`);
      expect([next, stays((form.body as { next: string }).next)]).toEqual([next, true]);
      const login = await world.app
        .anonymous()
        .post(`/partner-program/sessions?next=${encodeURIComponent(next)}`)
        .set('accept', HTML)
        .type('form')
        .send({ email: email.email, password: 'trzy zielone papugi' });
      expect([next, [303, 400].includes(login.status), stays(login.headers.location)]).toEqual([next, true, true]);
    }
  });

  it('after a form stay here', async () => {
    for (const from of ELSEWHERE) {
      const reply = await world.people.admin
        .post(`/partner-program/terms/acceptances?_from=${encodeURIComponent(from)}`)
        .set({ accept: HTML, referer: from.replace(/[^!-~]/g, '') })
        .type('form')
        .send({});
      expect(reply.status).toBeLessThan(500);
      expect([from, stays(reply.headers.location)]).toEqual([from, true]);
    }
  });

  it('[F59] are not moved by what a request says about its host', async () => {
    const headers = {
      accept: HTML,
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
    };
    const { headers: sent, text } = await sendRaw(world.app, world.self.agent, {
      method: 'GET',
      path: '/partner-program',
      headers,
    });
    expect([sent.location, text.includes('evil.example"')]).toEqual([undefined, false]);
    expect(text).not.toContain('//evil.example/');
  });
});

describe('[F81] terms', () => {
  const upload = (file: Buffer, filename = 'terms.pdf', contentType = 'application/pdf') =>
    world.people.admin
      .post('/partner-program/terms')
      .field('title', 'Terms')
      .attach('file', file, { filename, contentType });
  const padded = (bytes: number) =>
    Buffer.concat([PDF.subarray(0, 9), Buffer.alloc(bytes - PDF.length, 0x20), PDF.subarray(9)]);
  const LIMIT = 10 * 1024 * 1024;

  it('are as large as allowed and no byte larger', async () => {
    expect((await upload(padded(LIMIT))).status).toBe(201);
    const { status, body } = await upload(padded(LIMIT + 1));
    expect([status, codeOf({ body })]).toEqual([413, 'TOO_LARGE']);
  });

  const NO_PDF: Record<string, Buffer> = {
    nothing: Buffer.alloc(0),
    'a page': Buffer.from('<html><script>alert(1)</script></html>'),
    'a picture': Buffer.from('GIF89a/*<script>*/=1'),
    'a picture with the end of a PDF': Buffer.from(`GIF89a${' '.repeat(2_000)}%%EOF`),
    'a PDF behind a page of scripts': Buffer.concat([Buffer.from(`<html><script>${' '.repeat(1_100)}</script>`), PDF]),
    'half a PDF': PDF.subarray(0, 30),
    'a drawing with scripts': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    'a program': Buffer.from('MZ\x90\0'),
  };

  it.each(Object.entries(NO_PDF))('are not %s', async (_, file) => {
    for (const type of ['application/pdf', 'text/html']) {
      const { status, body } = await upload(file, 'terms.pdf', type);
      expect([status, codeOf({ body })]).toEqual([422, 'NOT_A_PDF']);
    }
  });

  it('[F81] hold nothing but pages to read', async () => {
    const script = Buffer.from('%PDF-1.7\n1 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj\n%%EOF\n');
    const { status, body } = await upload(script, 'terms.pdf', 'application/pdf');
    expect([status, codeOf({ body })]).toEqual([422, 'PDF_NOT_PLAIN']);
  });

  const NAMES = [
    '../../../etc/passwd',
    'terms\0.html',
    'terms\u202Efdp.exe',
    'x'.repeat(300),
    '"><script>',
    'a\r\nset-cookie: a=b',
    '',
    'CON',
    '.htaccess',
  ];

  it('keep no name of a file', async () => {
    for (const filename of NAMES) {
      const boundary = 'b0undary';
      const body = Buffer.concat([
        Buffer.from(
          `--${boundary}\r\ncontent-disposition: form-data; name="title"\r\n\r\nTerms\r\n--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${filename}"\r\ncontent-type: application/pdf\r\n\r\n`,
        ),
        PDF,
        Buffer.from(`\r\n--${boundary}--\r\n`),
      ]);
      const { status, text } = await sendRaw(world.app, world.people.admin, {
        method: 'POST',
        path: '/partner-program/terms',
        headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        body,
      });
      expect([filename, status]).toEqual([filename, BELOW_500]);
      if (filename.length > 4) expect(text).not.toContain(filename);
    }
  });

  it('[F82] are shown as what they are, and run nothing', async () => {
    const { headers, body } = await world.people.anonymous.get('/partner-program/terms/current/file').expect(200);
    expect(Buffer.compare(body as Buffer, PDF)).toBe(0);
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'content-disposition': expect.stringMatching(/^inline; filename="terms-\d+\.pdf"$/) as string,
    });
    for (const range of ['bytes=0-0,0-0,0-0,0-0,0-0', 'bytes=-1', 'bytes=99999999-', 'bytes=a-b', 'lines=1-2']) {
      const { status } = await world.people.anonymous.get('/partner-program/terms/current/file').set('range', range);
      expect(status).toBeLessThan(500);
    }
  });
});

describe('[F80] malformed multipart', () => {
  const part = (name: string, value = 'x') =>
    `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const TYPE = 'multipart/form-data; boundary=b';
  const BROKEN: Record<string, [type: string, body: string]> = {
    'no boundary': ['multipart/form-data', `${part('title')}--b--`],
    'an empty boundary': ['multipart/form-data; boundary=', `${part('title')}--b--`],
    'another boundary': ['multipart/form-data; boundary=c', `${part('title')}--b--`],
    'ten thousand parts': [TYPE, `${part('a').repeat(10_000)}--b--`],
    'ten thousand files': [
      TYPE,
      `${'--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n'.repeat(10_000)}--b--`,
    ],
    'cut off': [TYPE, part('title').slice(0, 30)],
    'cut off in a file': [TYPE, '--b\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4'],
    'no name': [TYPE, `${part('')}--b--`],
    'no header': [TYPE, '--b\r\n\r\nx\r\n--b--'],
    'a huge header': [TYPE, `--b\r\ncontent-disposition: form-data; name="${'x'.repeat(100_000)}"\r\n\r\nx\r\n--b--`],
    'a huge field': [TYPE, `${part('title', 'x'.repeat(50_000))}--b--`],
    'a name that reaches into objects': [TYPE, `${part('__proto__[status]')}${part('constructor[prototype][a]')}--b--`],
    'a deep name': [TYPE, `${part(`title${'[a]'.repeat(5_000)}`)}--b--`],
    'another file field': [TYPE, '--b\r\ncontent-disposition: form-data; name="other"; filename="a"\r\n\r\nx\r\n--b--'],
    nested: [
      TYPE,
      `--b\r\ncontent-disposition: form-data; name="file"\r\ncontent-type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--`,
    ],
    nothing: [TYPE, ''],
  };

  it.each(Object.entries(BROKEN))('%s', async (_, [type, body]) => {
    for (const path of [
      '/partner-program/terms',
      '/partner-program/plans',
      `/partner-program/partners/${world.self.partnerId}/adjustments`,
    ]) {
      const reply = await sendRaw(world.app, world.people.admin, {
        method: 'POST',
        path,
        headers: { 'content-type': type },
        body,
      });
      expect([path, reply.status]).toEqual([path, CLIENTS_FAULT]);
    }
    expect(({} as Record<string, unknown>)['status']).toBeUndefined();
    await world.app.anonymous().get('/partner-program/health/ready').expect(200);
  });
});

describe('[F76] tables', () => {
  it('hold no cell that a spreadsheet would run', async () => {
    const files = [`partners/${world.self.partnerId}/entries.csv`, 'withdrawals/payment-file?format=csv&again=true'];
    for (const file of files) {
      for (const language of ['pl', 'en']) {
        const { text } = await world.people.payer
          .get(`/partner-program/${file}`)
          .set('accept-language', language)
          .expect(200);
        const cells = text.replace(/^\ufeff/, '').split(/[;,\r\n]+/);
        const run = cells.filter((cell) => /^"?[=+@\t\r\0-]/.test(cell) && !/^"?-?[\d\s\u00a0.,]+"?$/.test(cell));
        expect([file, run]).toEqual([file, []]);
        expect(text).toContain("'=HYPERLINK");
      }
    }
  });
});

describe('[F84] nothing for developers', () => {
  const PATHS = [
    '/debug',
    '/metrics',
    '/swagger',
    '/api',
    '/api-docs',
    '/docs',
    '/graphql',
    '/queues',
    '/admin/queues',
    '/.env',
    '/.git/config',
    '/.git/HEAD',
    '/package.json',
    '/tsconfig.json',
    '/ormconfig.ts',
    '/src/main.ts',
    '/dist/src/main.js',
    '/main.js.map',
    '/server-status',
    '/actuator',
    '/phpinfo.php',
    '/assets/0/partner-program.js.map',
    '/assets/0/htmx.min.js.map',
    '/assets/0/..%2f..%2fpackage.json',
    '/assets/0/%2e%2e%2fmain.hbs',
    '/templates/layouts/main.hbs',
    '/health',
  ];

  it('is served', async () => {
    for (const path of PATHS.flatMap((name) => [name, `/partner-program${name}`])) {
      for (const who of ['anonymous', 'admin'] as const) {
        const { status } = await sendRaw(world.app, world.people[who], { method: 'GET', path });
        expect([path, status >= 400 && status < 500]).toEqual([path, true]);
      }
    }
  });

  it('is told by an error', async () => {
    const replies = [
      await world.people.anonymous.get('/partner-program/nowhere'),
      await world.people.admin.get('/partner-program/partners/%'),
      await world.people.admin.post('/partner-program/plans').set('content-type', 'application/json').send('{'),
      await world.people.admin.get('/partner-program/partners?limit=x'),
      await world.people.admin.post('/partner-program/terms').set('content-type', 'multipart/form-data').send('x'),
      await sendRaw(world.app, world.people.anonymous, { method: 'TRACE', path: '/partner-program' }),
    ];
    for (const { text } of replies)
      expect(text).not.toMatch(/node_modules|\.ts:\d|\.js:\d|at \w+ \(|postgres|select .* from/i);
  });

  it('points to a source map', async () => {
    const { text } = await world.people.admin.get('/partner-program/partners').set('accept', HTML);
    const files = [...text.matchAll(/(?:src|href)="(\/partner-program\/assets\/[^"]+)"/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(1);
    for (const file of files)
      expect((await world.people.anonymous.get(file)).text ?? '').not.toContain('sourceMappingURL');
  });
});
