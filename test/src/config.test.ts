import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from '../../src/config';

describe('the configuration', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'config-'));
  afterAll(() => rmSync(dataDir, { recursive: true }));

  const SESSION_SECRET = 'a secret of thirty-two characters';
  const read = (env: Record<string, string>) => readConfig({ SESSION_SECRET, DATA_DIR: dataDir, ...env });

  it('needs nothing to be set', () => {
    const config = readConfig({ DATA_DIR: dataDir });
    expect(config).toMatchObject({
      port: 3000,
      dataDir,
      publicUrl: 'http://localhost:3000',
      logFormat: 'text',
      logLevel: 'warn',
      pool: { size: 20, waitMs: 2_000 },
      migrate: true,
      worker: true,
      shutdownDelaySeconds: 0,
      production: false,
    });
    expect(config.databaseUrl).toBeUndefined();
  });

  it('reads an empty variable as one that is not set', () => {
    const empty = { PORT: '', DATABASE_URL: '', REDIS_URL: '', PUBLIC_URL: '', SMTP_URL: '', LOG_LEVEL: '' };
    expect(read(empty)).toEqual(read({}));
  });

  it('takes what is set', () => {
    const urls = {
      DATABASE_URL: 'postgres://app:secret@db/crm',
      DATABASE_OWNER_URL: 'postgresql://owner:secret@db/crm',
      REDIS_URL: 'rediss://cache:6380',
      SMTP_URL: 'smtps://mail:465',
      PUBLIC_URL: 'https://crm.example.com/',
    };
    expect(read({ ...urls, PORT: '8080', NODE_ENV: 'production', LOG_LEVEL: 'info' })).toEqual({
      port: 8080,
      dataDir,
      databaseUrl: urls.DATABASE_URL,
      databaseOwnerUrl: urls.DATABASE_OWNER_URL,
      redisUrl: urls.REDIS_URL,
      smtpUrl: urls.SMTP_URL,
      publicUrl: 'https://crm.example.com',
      sessionSecret: SESSION_SECRET,
      privateWebhooks: false,
      metricsToken: undefined,
      logFormat: 'json',
      logLevel: 'info',
      pool: { size: 20, waitMs: 2_000 },
      migrate: true,
      worker: true,
      shutdownDelaySeconds: 0,
      production: true,
    });
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['DATABASE_URL', 'mysql://db/crm'],
    ['DATABASE_URL', 'db'],
    ['DATABASE_OWNER_URL', 'postgres://owner@db/crm'],
    ['REDIS_URL', 'localhost:6379'],
    ['SMTP_URL', 'https://mail'],
    ['PUBLIC_URL', 'crm.example.com'],
    ['PUBLIC_URL', 'https://crm.example.com/app'],
    ['PUBLIC_URL', 'https://crm.example.com/?a=1'],
    ['PUBLIC_URL', 'ftp://crm.example.com'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_FORMAT', 'xml'],
    ['WORKER', 'yes'],
    ['MIGRATE', '0'],
    ['DATABASE_POOL_SIZE', '1'],
    ['SHUTDOWN_DELAY_SECONDS', '-1'],
    ['SESSION_SECRET', 'too short'],
    ['METRICS_TOKEN', 'too short'],
  ])('refuses %s=%s with a sentence that names it', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(ConfigError);
    expect(() => read({ [name]: value })).toThrow(new RegExp(`^${name} .+\\.$`));
  });

  it('never repeats an address that may hold a password', () => {
    expect(() => read({ DATABASE_URL: 'mysql://app:hunter2@db' })).toThrow(/^(?!.*hunter2)/);
  });

  it('wants a session secret in production', () => {
    expect(() => readConfig({ NODE_ENV: 'production', DATA_DIR: dataDir })).toThrow(/^SESSION_SECRET must be set/);
  });

  it('keeps a session secret of its own over restarts, for nobody else to read', () => {
    const { sessionSecret } = readConfig({ DATA_DIR: dataDir });
    const file = join(dataDir, 'session.secret');
    expect(sessionSecret.length).toBeGreaterThanOrEqual(32);
    expect(readFileSync(file, 'utf8')).toBe(sessionSecret);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readConfig({ DATA_DIR: dataDir }).sessionSecret).toBe(sessionSecret);
  });

  it('says that DATA_DIR cannot be written to', () => {
    const file = join(dataDir, 'file');
    writeFileSync(file, '');
    expect(() => readConfig({ DATA_DIR: join(file, 'data') })).toThrow(/^DATA_DIR must be a folder/);
  });
});
