import {
  Body,
  Controller,
  Delete,
  Get,
  Global,
  type INestApplication,
  Module,
  Param,
  ParseUUIDPipe,
  Post,
  Put,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import supertest from 'supertest';
import { DataSource } from 'typeorm';
import { Host } from '../../../../modules/host';
import { MAX_AMOUNT_MINOR } from '../../../../modules/kernel/money';
import { Refusal } from '../../../../modules/kernel/refusal';
import { type PartnerProgramOptions, PROGRAM_OPTIONS } from '../../../../modules/options';
import { Program } from '../../../../modules/platform/program/program.service';
import type { Actor, ActorPartner } from '../../../../modules/platform/web/access/actor';
import {
  FormFields,
  Me,
  MyPartner,
  Open,
  Page,
  ProgramController,
  Requires,
} from '../../../../modules/platform/web/program-controller';
import { WebModule } from '../../../../modules/platform/web/web.module';
import { HeaderHost, partnerTable } from './header-host';

class TransferDto {
  @IsInt() @Min(1) @Max(MAX_AMOUNT_MINOR) amountMinor: number;
  @IsString() @Length(10, 500) reason: string;
  @IsOptional() @IsString() note?: string;
}

@ProgramController('web-test')
class WebTestController {
  @Get() mine(@MyPartner() me: ActorPartner) {
    return { partnerId: me.id };
  }
  @Post() transfer(@Body() body: TransferDto) {
    return body;
  }
  @Get('open') @Open() open(@Me() me: Actor | null) {
    return { name: me?.name ?? null };
  }
  @Post('open') @Open() openWrite() {
    return { done: true };
  }
  @Get('managed') @Requires('manageBalances', 'configure') managed() {
    return { managed: true };
  }
  @Get('mixed') @Requires('self', 'manageBalances') mixed() {
    return { mixed: true };
  }
  @Post('invite') @Requires('takingPart') invite() {
    return { invited: true };
  }
  @Get('page') @Open() @Page('error') page() {
    return { status: 200, title: '<b>Tytuł</b>', detail: '{{constructor}}', back: null };
  }
  @Post('form/:id')
  @Open()
  @FormFields({ amountMinor: 'money' })
  @Page('error', { form: 'desk', redirect: '/partner-program/things/:id' })
  form(@Body() body: TransferDto) {
    return body;
  }
  @Post('nowhere') @Open() nowhere(@Body() body: TransferDto) {
    return body;
  }
  @Get('desk') @Open() @Page('plans/plans') desk() {
    return { data: [], nextCursor: null };
  }
  @Post('back') @Open() back() {
    return {};
  }
  @Put('override') @Open() override() {
    return { put: true };
  }
  @Delete('override') @Open() remove() {
    return { deleted: true };
  }
  @Get('refused') @Open() refused(): never {
    throw new Refusal('FORBIDDEN', { permission: 'manageBalances' });
  }
  @Get('bug') @Open() bug(): never {
    throw new TypeError('secret internals');
  }
  @Get('down') @Open() down(): never {
    throw Object.assign(new Error('the database system is starting up'), { code: '57P03' });
  }
  @Get('by-id/:id') @Open() byId(@Param('id', ParseUUIDPipe) id: string) {
    return { id };
  }
}

@Controller('elsewhere')
class ForeignController {
  @Get() bug(): never {
    throw new TypeError('the host answers this itself');
  }
}

const host = new HeaderHost();
const options: PartnerProgramOptions = {
  currency: 'PLN',
  publicUrl: 'https://crm.example',
  loginPath: '/login',
};

@Global()
@Module({
  providers: [
    { provide: Host, useValue: host },
    { provide: PROGRAM_OPTIONS, useValue: options },
    { provide: DataSource, useValue: partnerTable },
  ],
  exports: [Host, PROGRAM_OPTIONS, DataSource],
})
class SurroundingsModule {}

@Module({ imports: [SurroundingsModule, WebModule], controllers: [WebTestController, ForeignController] })
class AppModule {}

let app: INestApplication;
const BASE = '/partner-program/web-test';
const HTML = 'text/html,application/xhtml+xml,*/*;q=0.8';

beforeAll(async () => {
  app = await NestFactory.create(AppModule, { logger: false });
  await app.get(Program).refresh();
  await app.init();
});
afterAll(() => app.close());

const http = () => supertest(app.getHttpServer());
const get = (path: string, user?: string) => {
  const call = http().get(`${BASE}${path}`);
  return user ? call.set('x-user', user) : call;
};

describe('who is let in', () => {
  it('[P1] [P2] is for active partners about themselves where nothing else is said', async () => {
    const answers = {
      seller: 200,
      suspended: 200,
      admin: 'NOT_A_PARTNER',
      former: 'NOT_A_PARTNER',
      waiting: 'AWAITING_APPROVAL',
    };
    for (const [user, expected] of Object.entries(answers)) {
      const { status, body } = await get('', user);
      expect([user, typeof expected === 'number' ? status : body.code]).toEqual([user, expected]);
    }
    expect((await get('')).body).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it('[P2] names the missing permission', async () => {
    const { status, body } = await get('', 'stranger');
    expect([status, body.code, body.permission]).toEqual([403, 'FORBIDDEN', 'participate']);
    expect(body.detail).toContain('Może uczestniczyć w PP');
    expect((await get('/managed', 'seller').set('accept-language', 'en')).body).toMatchObject({
      permission: 'manageBalances',
      detail: expect.stringContaining('Manage balances and withdrawal requests of all partners'),
    });
  });

  it('[P22] lets who lost the permission look after the own affairs, and bring nobody in', async () => {
    expect((await get('', 'guest')).status).toBe(200);
    const invite = (user: string) => http().post(`${BASE}/invite`).set('x-user', user);
    expect((await invite('seller')).status).toBe(201);
    expect((await invite('guest')).body).toMatchObject({ code: 'FORBIDDEN', permission: 'participate' });
    expect((await invite('admin')).body.code).toBe('NOT_A_PARTNER');
    expect((await invite('suspended')).body.code).toBe('PARTNER_SUSPENDED');
  });

  it('lets in holders of any one of the permissions, and partners where `self` is among them', async () => {
    expect((await get('/managed', 'admin')).status).toBe(200);
    expect((await get('/mixed', 'seller')).status).toBe(200);
    expect((await get('/mixed', 'admin')).status).toBe(200);
    expect((await get('/mixed', 'waiting')).status).toBe(403);
  });

  it('[P10] refuses every write of a partner whose address is not confirmed, and of a suspended one', async () => {
    const write = (user: string) =>
      http().post(BASE).set('x-user', user).send({ amountMinor: 1, reason: 'long enough' });
    expect((await write('seller')).status).toBe(201);
    expect((await write('unconfirmed')).body.code).toBe('EMAIL_UNCONFIRMED');
    expect((await write('suspended')).body.code).toBe('PARTNER_SUSPENDED');
    expect((await get('', 'unconfirmed')).status).toBe(200);
  });

  it('asks the host once a request', async () => {
    const before = host.asked;
    await get('/open', 'seller').expect(200, { name: 'seller Nowak' });
    expect(host.asked - before).toBe(1);
  });

  it('[P2] sends a browser to the login, and one who may join to the door', async () => {
    await get('?a=1')
      .set('accept', HTML)
      .expect(303)
      .expect('location', `/login?next=${encodeURIComponent(`${BASE}?a=1`)}`);
    await get('', 'newcomer').set('accept', HTML).expect(303).expect('location', '/partner-program/membership');
    await get('')
      .set({ accept: HTML, 'hx-request': 'true' })
      .expect(204)
      .expect('hx-redirect', /^\/login\?next=/);
    await get('', 'stranger').set('accept', HTML).expect(403).expect('content-type', /html/);
  });
});

describe('where a write comes from', () => {
  const write = (headers: Record<string, string>) => http().post(`${BASE}/open`).set(headers);

  it.each([
    ['a client without a cookie', {}, 201],
    ['the same origin', { cookie: 'a=1', 'sec-fetch-site': 'same-origin' }, 201],
    ['the public address', { cookie: 'a=1', origin: 'https://crm.example' }, 201],
    ['another site', { cookie: 'a=1', 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbour domain', { cookie: 'a=1', 'sec-fetch-site': 'same-site' }, 403],
    ['a foreign origin', { cookie: 'a=1', origin: 'https://evil.example' }, 403],
    ['a foreign origin without a cookie, as in a forged login', { origin: 'https://evil.example' }, 403],
    ['an opaque origin', { cookie: 'a=1', origin: 'null' }, 403],
    ['a foreign page, where no origin is told', { cookie: 'a=1', referer: 'https://evil.example/' }, 403],
    ['a client that is no browser', { cookie: 'a=1' }, 201],
  ])('[F66] answers %s', async (_, headers, status) => {
    expect((await write(headers as Record<string, string>)).status).toBe(status);
  });

  it('[F66] believes the origin that the request was sent to', async () => {
    await write({ cookie: 'a=1', host: 'localhost:3000', origin: 'http://localhost:3000' }).expect(201);
  });
});

describe('what went wrong', () => {
  it('names each field and why, in the language of the reader', async () => {
    const { status, body, headers } = await http()
      .post(BASE)
      .set({ 'x-user': 'seller', 'accept-language': 'pt' })
      .send({ amountMinor: 0, reason: 'short' });
    expect([status, body.code]).toEqual([400, 'INVALID_INPUT']);
    expect(headers['content-type']).toMatch('application/problem+json');
    expect(body.errors).toEqual([
      { field: 'amountMinor', code: 'MIN', message: 'Menor valor permitido: 1.' },
      { field: 'reason', code: 'IS_LENGTH', message: 'Digite de 10 a 500 caracteres.' },
    ]);
  });

  it('knows no id that is no UUID', async () => {
    await get('/by-id/7')
      .expect(404)
      .expect(({ body }) => expect(body.code).toBe('NOT_FOUND'));
  });

  it('answers malformed JSON, too much of it and unknown addresses, although no controller sees them', async () => {
    const post = (body: string) => http().post(BASE).set('content-type', 'application/json').send(body);
    expect((await post('{"amountMinor":')).body).toMatchObject({ status: 400, code: 'MALFORMED_REQUEST' });
    expect((await post(JSON.stringify({ note: 'x'.repeat(200_000) }))).body).toMatchObject({
      status: 413,
      code: 'TOO_LARGE',
    });
    expect((await http().get('/partner-program/nowhere')).body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect((await http().get('/partner-program/%E0%A4%A')).body).toMatchObject({
      status: 400,
      code: 'MALFORMED_REQUEST',
    });
  });

  it('[F74] never tells what broke, only a reference to it', async () => {
    const { status, text, body } = await get('/bug');
    expect([status, body.code]).toEqual([500, 'INTERNAL']);
    expect(text).not.toContain('secret');
    expect(body.detail).toContain(body.reference);
  });

  it('[F86] names every request, as the proxy in front named it if that is harmless', async () => {
    const named = (id: string) => get('/bug').set('x-request-id', id);
    const proxied = await named('edge-7_Q1234');
    expect([proxied.headers['x-request-id'], proxied.body.reference]).toEqual(['edge-7_Q1234', 'edge-7_Q1234']);
    for (const forged of ['short', 'x'.repeat(65), 'a=1 level=error', 'żółć-żółć']) {
      const sent = Buffer.from(forged).toString('latin1');
      expect((await named(sent)).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
    for (const path of ['/partner-program/nowhere', `${BASE}/open`, '/partner-program/health/live']) {
      await http()
        .get(path)
        .expect('x-request-id', /^[0-9a-f-]{36}$/);
    }
  });

  it('[F4] asks to try again while the database is away', async () => {
    await get('/down').expect(503).expect('retry-after', '5');
  });

  it('is a readable page in a browser', async () => {
    const { text, status } = await get('/refused').set('accept', HTML);
    expect(status).toBe(403);
    expect(text).toContain('<html lang="pl">');
    expect(text).toContain('Zarządzanie saldami');
  });

  it('leaves the routes of the host to the host', async () => {
    expect((await http().get('/elsewhere')).body).toEqual({ statusCode: 500, message: 'Internal server error' });
    expect((await http().get('/nowhere')).body).toMatchObject({ statusCode: 404, error: 'Not Found' });
  });
});

describe('one handler, three answers', () => {
  it('is JSON for everybody who does not name HTML', async () => {
    for (const accept of ['*/*', 'application/json']) {
      await get('/page').set('accept', accept).expect('content-type', /json/);
    }
    await get('/page').expect('vary', /Accept, HX-Request, Accept-Language/);
  });

  it('[F74] [F75] is an escaped page for a browser, with headers that forbid scripts of others', async () => {
    const { text, headers } = await get('/page').set('accept', HTML);
    expect(text).toContain('&lt;b&gt;Tytuł&lt;/b&gt;');
    expect(text).toContain('{{constructor}}');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  });

  it('is a fragment for htmx', async () => {
    const { text } = await get('/page').set({ accept: HTML, 'hx-request': 'true' });
    expect(text).not.toContain('<html');
    expect(text).toMatch(/^<title>/);
    const { text: asked } = await get('/page').set({ accept: '*/*', 'hx-request': 'true' });
    expect(asked).toBe(text);
  });

  it('[Q12] takes a form as it takes JSON, and sends the browser on', async () => {
    const form = { amountMinor: '1 234,50', reason: 'long enough', note: '' };
    await http()
      .post(`${BASE}/form/7`)
      .type('form')
      .set('accept', HTML)
      .send(form)
      .expect(303)
      .expect('location', '/partner-program/things/7');
    await http()
      .post(`${BASE}/form/7`)
      .type('form')
      .send(form)
      .expect(201, { amountMinor: 123450, reason: 'long enough' });
    await http().post(`${BASE}/form/7`).send(form).expect(400);
  });

  it('[F78] sends a form without a goal back to our own page, never to another host', async () => {
    const post = (referer: string) =>
      http()
        .post(`${BASE}/back`)
        .type('form')
        .set({ accept: HTML, host: 'crm.example', 'sec-fetch-site': 'same-origin', referer });
    await post('http://crm.example/partner-program/plans?x=1')
      .expect(303)
      .expect('location', '/partner-program/plans?x=1');
    await post('https://evil.example/partner-program').expect('location', '/partner-program');
    await post('http://crm.example//evil.example/').expect('location', '/evil.example/');
  });

  it('[Q12] shows the page of a refused form again, with what is wrong', async () => {
    const refused = (headers: Record<string, string>) =>
      http()
        .post(`${BASE}/form/7`)
        .type('form')
        .set({ accept: HTML, host: 'crm.example', 'sec-fetch-site': 'same-origin', ...headers })
        .send({ amountMinor: 'much', reason: 'long enough' });
    const { text, status } = await refused({ referer: `http://crm.example${BASE}/desk` });
    expect(status).toBe(400);
    expect(text).toMatch(/role="alert" id="pp-problem" tabindex="-1"\s+autofocus/);
    expect(text).toContain('<h1>Plany prowizyjne</h1>');
    const elsewhere = await refused({ referer: 'http://crm.example/crm/contracts' });
    expect(elsewhere.status).toBe(400);
    expect(elsewhere.text).toContain('<h1>Plany prowizyjne</h1>');
  });

  it('[Q12] says what is wrong on a page of its own where no page has the form', async () => {
    const { text, status } = await http()
      .post(`${BASE}/nowhere`)
      .type('form')
      .set({ accept: HTML })
      .send({ amountMinor: 'much', reason: 'long enough' });
    expect(status).toBe(400);
    expect(text.match(/role="alert"/g)).toHaveLength(1);
    expect(text).not.toContain('<h1>Plany prowizyjne</h1>');
  });

  it('[Q12] lets a form mean PUT or DELETE', async () => {
    await http().post(`${BASE}/override?_method=PUT`).expect(200, { put: true });
    await http().post(`${BASE}/override?_method=DELETE`).expect(200, { deleted: true });
    await http().get(`${BASE}/override?_method=DELETE`).expect(405);
  });

  it('serves its few files, forever where the address names their content', async () => {
    const page = await get('/page').set('accept', HTML);
    const [stylesheet] = /\/partner-program\/assets\/[0-9a-f]+\/partner-program\.css/.exec(page.text)!;
    await http()
      .get(stylesheet)
      .expect(200)
      .expect('cache-control', /immutable/)
      .expect('content-type', /css/);
    await http().get('/partner-program/assets/old/partner-program.css').expect(200).expect('cache-control', 'no-cache');
    await http().get('/partner-program/assets/old/package.json').expect(404);
  });
});
