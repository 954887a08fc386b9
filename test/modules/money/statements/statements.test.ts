import { inflateSync } from 'node:zlib';
import { PROGRAM } from '../../../../modules/ledger/posting';
import { bootApp, type Agent, type TestApp } from '../../../support/app';
import { Office, type Member } from '../../../support/program';

let app: TestApp;
let office: Office;
let admin: Agent;
let partner: Member;

beforeAll(async () => {
  app = await bootApp({ worker: false });
  office = await Office.open(app);
  ({ admin } = office);
  partner = await office.member(undefined, { firstName: 'Łucja', lastName: '=Żak', locale: 'pl' });
  await adjust(1_234_50, '=HYPERLINK("https://evil.example")');
  await adjust(-34_50, '-2+3; i dalej zażółć gęślą jaźń');
});
afterAll(() => app.close());

function adjust(amountMinor: number, reason: string) {
  const change = { amountMinor, currency: 'PLN', reason };
  return admin.post(`/partner-program/partners/${partner.partnerId}/adjustments`).send(change).expect(201);
}

/** Many movements at once, through the ledger's one way in. */
function adjustOften(times: number) {
  return app.owner.query(
    `select partner_program.post(jsonb_agg(jsonb_build_object(
       'key', 'adjustment:test' || n, 'kind', 'adjustment', 'occurredAt', now(), 'postedBy', 'user:test',
       'reason', 'A correction of many', 'moves', jsonb_build_array(jsonb_build_object(
         'from', $3::uuid, 'fromKind', 'adjustments', 'to', $1::uuid, 'toKind', 'available', 'amountMinor', 1, 'currency', 'PLN')))))
       from generate_series(1, $2::int) n`,
    [partner.partnerId, times, PROGRAM],
  );
}

const path = (file: string) => `/partner-program/partners/${partner.partnerId}/${file}`;

async function pdf(agent: Agent, query = ''): Promise<Buffer> {
  const { body, headers } = await agent
    .get(path(`statement.pdf${query}`))
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => done(null, Buffer.concat(chunks)));
    })
    .expect(200);
  expect(headers).toMatchObject({ 'content-type': 'application/pdf' });
  return body as Buffer;
}

/** The characters that a PDF says its glyphs stand for. */
function letters(file: Buffer): string {
  const text = file.toString('latin1');
  return [...text.matchAll(/stream\n([\s\S]*?)\nendstream/g)]
    .map(([, stream]) => {
      try {
        return inflateSync(Buffer.from(stream!, 'latin1')).toString('latin1');
      } catch {
        return '';
      }
    })
    .filter((stream) => stream.includes('beginbfrange'))
    .flatMap((stream) =>
      [...stream.matchAll(/<([0-9a-f]{4})>/g)].map(([, code]) => String.fromCodePoint(parseInt(code!, 16))),
    )
    .join('');
}

describe('[Q10] the table of movements', () => {
  it('[F76] holds every movement in the language of the reader, and no formula', async () => {
    const { text, headers } = await partner.agent.get(path('entries.csv')).expect(200);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="entries.csv"',
      'x-content-type-options': 'nosniff',
    });
    const [head, ...rows] = text.trim().split('\r\n');
    expect(head).toContain('"Kwota"');
    expect(rows.map((row) => row.split(';').slice(1))).toEqual([
      ['"Korekta salda"', `"'-2+3`, ` i dalej zażółć gęślą jaźń"`, '""', '""', '"-34,50"', '"PLN"', '"1200,00"'],
      ['"Korekta salda"', `"'=HYPERLINK(""https://evil.example"")"`, '""', '""', '"1234,50"', '"PLN"', '"1234,50"'],
    ]);
    const english = await admin.get(path('entries.csv')).set('accept-language', 'en').expect(200);
    expect(english.text).toContain('"1234.50"');
  });

  it('takes the filters of the history, whatever a page would hold', async () => {
    await adjustOften(1_200);
    const lines = async (query: string) => {
      const { text } = await partner.agent.get(path(`entries.csv${query}`)).expect(200);
      return text.trim().split('\r\n').length - 1;
    };
    expect(await lines('')).toBe(1_202);
    expect(await lines('?limit=5')).toBe(1_202);
    expect(await lines('?kind=payout')).toBe(0);
    expect(await lines('?from=2100-01-01')).toBe(0);
    await partner.agent.get(path('entries.csv?kind=x')).expect(400);
  });

  it('is for the partner and holders of manageBalances', async () => {
    const other = await office.member();
    for (const file of ['entries.csv', 'statement.pdf']) {
      await other.agent.get(path(file)).expect(404);
      await app.anonymous().get(path(file)).expect(401);
      await admin.get(path(file)).expect(200);
    }
  });
});

describe('[Q10] the statement', () => {
  it('is a PDF with fonts that have the letters of its language', async () => {
    const file = await pdf(partner.agent);
    expect(file.subarray(0, 5).toString()).toBe('%PDF-');
    expect(file.subarray(-6).toString()).toContain('%%EOF');
    expect(file.toString('latin1')).toMatch(/\/FontName \/\w+\+DejaVuSans/);
    for (const letter of 'ŁŻżółćęśąź') expect(letters(file)).toContain(letter);
  });

  it('runs over as many pages as it needs', async () => {
    const pages = (file: Buffer) => Number(/\/Type \/Pages\n\/Count (\d+)/.exec(file.toString('latin1'))?.[1]);
    expect(pages(await pdf(partner.agent))).toBeGreaterThan(10);
    expect(pages(await pdf(admin, '?from=2100-01-01'))).toBe(1);
  });
});
