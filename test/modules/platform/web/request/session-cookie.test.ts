import express, { type Request, type Response } from 'express';
import request from 'supertest';
import { clearCookie, readCookie, setCookie } from '../../../../../modules/platform/web/request/session-cookie';

const https = { currency: 'PLN', publicUrl: 'https://crm.example' };
const SECRET = 'b'.repeat(43);

const asked = (cookie: string | undefined, options = https) =>
  readCookie({ headers: { cookie } } as unknown as Request, 'session', options);

it('[F65] [F66] binds the session to this very host over https', async () => {
  const app = express();
  app.get('/in', (_: unknown, response: Response) => {
    setCookie(response, 'session', SECRET, https);
    response.end();
  });
  app.get('/out', (_: unknown, response: Response) => {
    clearCookie(response, 'session', https);
    response.end();
  });
  const [set] = (await request(app).get('/in')).headers['set-cookie'] as unknown as string[];
  expect(set).toMatch(
    new RegExp(`^__Host-pp_session=${SECRET}; Max-Age=\\d+; Path=/; Expires=[^;]+; HttpOnly; Secure; SameSite=Lax$`),
  );
  const [cleared] = (await request(app).get('/out')).headers['set-cookie'] as unknown as string[];
  expect(cleared).toMatch(
    /^__Host-pp_session=; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax$/,
  );
});

it('[F66] takes no cookie that a neighbour can plant, and nothing that is no secret of ours', () => {
  expect(asked(`a=b; __Host-pp_session=${SECRET}; c=d`)).toBe(SECRET);
  expect(asked(`pp_session=${SECRET}`)).toBeUndefined();
  expect(asked(`x__Host-pp_session=${SECRET}`)).toBeUndefined();
  for (const value of ['', 'short', `${SECRET}b`, `"${SECRET}"`, `${'b'.repeat(42)}'`, `${'b'.repeat(42)}%41`]) {
    expect(asked(`__Host-pp_session=${value}`)).toBeUndefined();
  }
  expect(asked(undefined)).toBeUndefined();
});
