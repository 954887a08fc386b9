import { LoginLimit } from '../../../src/crm/login-limit';
import { bootApp } from '../../support/app';

describe('[F63] the login of the CRM', () => {
  it('says no for a while after ten failures, to whoever failed there and to nobody else', async () => {
    const app = await bootApp({ worker: false });
    const attempt = (email: string, password: string) =>
      app.anonymous().post('/crm/sessions').send({ email, password });
    for (let n = 0; n < 10; n++) await attempt('admin@crm.example', 'wrong').expect(401);
    const refused = await attempt(' ADMIN@crm.example ', 'partner-program').expect(429).expect('retry-after', '900');
    expect(refused.body.code).toBe('TOO_MANY_ATTEMPTS');
    await attempt('else@crm.example', 'wrong').expect(401);
    await app.close();
  });

  it('forgets failures after a quarter of an hour, and at a success', () => {
    const limit = new LoginLimit();
    for (let n = 0; n < 10; n++) limit.failed('a', n);
    expect([limit.isReached('a', 10), limit.isReached('b', 10), limit.isReached('a', 900_010)]).toEqual([
      true,
      false,
      false,
    ]);
    limit.failed('a', 900_010);
    expect(limit.isReached('a', 900_011)).toBe(false);
    for (let n = 0; n < 10; n++) limit.failed('c', 0);
    limit.succeeded('c');
    expect(limit.isReached('c', 1)).toBe(false);
  });

  it('remembers so many and no more, the latest ones', () => {
    const limit = new LoginLimit();
    for (let n = 0; n < 10; n++) limit.failed('early', 0);
    for (let n = 0; n < 10_000; n++) limit.failed(String(n), 0);
    expect(limit.isReached('early', 1)).toBe(false);
    for (let n = 0; n < 9; n++) limit.failed('9999', 0);
    expect(limit.isReached('9999', 1)).toBe(true);
  });
});
