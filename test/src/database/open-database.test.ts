import { createServer, type AddressInfo, type Server } from 'node:net';
import { readConfig, type Config } from '../../../src/config';
import { openDatabase } from '../../../src/database/open-database';
import { freshDatabase, type FreshDatabase } from '../../support/database';

describe('the database of DATABASE_URL', () => {
  let database: FreshDatabase;
  let configOf: (env: Record<string, string>) => Config;

  beforeAll(async () => {
    database = await freshDatabase();
    const given = { DATABASE_URL: database.url, SESSION_SECRET: 'a secret of thirty-two characters' };
    configOf = (env) => readConfig({ ...given, ...env });
  });
  afterAll(() => database.drop());

  it('migrates as the owner, for a role that owns nothing', async () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const open = await openDatabase(configOf({ DATABASE_OWNER_URL: database.ownerUrl }));
    expect(open).toMatchObject({
      url: database.url,
      ownerUrl: database.ownerUrl,
      appRole: new URL(database.url).username,
    });
    expect(open.description).not.toContain(new URL(database.url).password + '@');
    await open.close();
    warn.mockRestore();
  });

  it('may be owned by the application itself', async () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const open = await openDatabase(configOf({}));
    expect(open).toMatchObject({ ownerUrl: database.url, appRole: undefined });
    warn.mockRestore();
  });

  it('[F5] is refused in production, and warned of elsewhere, when a crash can take confirmed payments', async () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const careless = new URL(database.url);
    careless.searchParams.set('options', '-c synchronous_commit=off');
    const unsafe = /^DATABASE_URL .* lose confirmed payments in a crash: .*synchronous_commit is off\.$/;
    await openDatabase(configOf({ DATABASE_URL: careless.href }));
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(unsafe));
    const inProduction = configOf({ DATABASE_URL: careless.href, NODE_ENV: 'production' });
    await expect(openDatabase(inProduction)).rejects.toThrow(unsafe);
    warn.mockRestore();
  });

  describe('says in a sentence that', () => {
    let silent: Server;
    beforeAll((done) => void (silent = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1', done)));
    afterAll((done) => void silent.close(done));

    it.each([
      ['nobody listens there', () => 'postgres://app:hunter2@127.0.0.1:1/crm', /127\.0\.0\.1:1 \(.*ECONNREFUSED/],
      [
        'it is no PostgreSQL',
        () => `postgres://a:hunter2@127.0.0.1:${portOf(silent)}/crm`,
        /PostgreSQL does not answer/,
      ],
      ['the password is wrong', () => database.url.replace(/:[^:@]+@/, ':hunter2@'), /password authentication failed/],
      ['the database is missing', () => database.url.replace(/\/[^/]+$/, '/nowhere'), /"nowhere" does not exist/],
    ])('%s', async (_, url, sentence) => {
      const start = openDatabase(configOf({ DATABASE_URL: url() }));
      await expect(start).rejects.toThrow(/^DATABASE_URL: /);
      await expect(start).rejects.toThrow(sentence);
      await expect(start).rejects.not.toThrow(/hunter2/);
    });
  });
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
