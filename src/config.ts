import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { keptSecret } from './kept-secret';
import { StartError } from './start-error';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['text', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What the environment says, checked. `.env.example` tells what each variable is for. */
export interface Config {
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Without it the program runs a PostgreSQL of its own in `dataDir`. */
  readonly databaseUrl?: string;
  /** The role that owns the schemas and migrates them, where the role of `databaseUrl` owns nothing. */
  readonly databaseOwnerUrl?: string;
  /** Connections of one process, and how long a request waits for one before it is told to come back later. */
  readonly pool: { readonly size: number; readonly waitMs: number };
  /** Whether the start brings the schemas up to date; otherwise it only looks whether they are. */
  readonly migrate: boolean;
  /** Whether this process works on jobs. */
  readonly worker: boolean;
  readonly redisUrl?: string;
  /** Scheme, host and port only. */
  readonly publicUrl: string;
  readonly smtpUrl?: string;
  /** Whether web hooks may go by http and into private networks. */
  readonly privateWebhooks: boolean;
  readonly sessionSecret: string;
  /** Who sends it may read the metrics; without it nobody can. */
  readonly metricsToken?: string;
  readonly logFormat: LogFormat;
  readonly logLevel: LogLevel;
  /** Seconds between not being ready any more and accepting nothing more. */
  readonly shutdownDelaySeconds: number;
  /** At which moment an empty database begins; only outside production. */
  readonly testClock?: Date;
  readonly production: boolean;
}

export class ConfigError extends StartError {}

const SECRET_LENGTH = 32;
const METRICS_TOKEN_LENGTH = 16;

/** @throws ConfigError naming the first variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const production = env.NODE_ENV === 'production';
  const port = readNumber('PORT', env.PORT, 3000, 1, 65_535);
  const logFormat = readOneOf('LOG_FORMAT', env.LOG_FORMAT, LOG_FORMATS, production ? 'json' : 'text');
  const dataDir = resolve(env.DATA_DIR || 'data');
  const databaseUrl = readUrl('DATABASE_URL', env.DATABASE_URL, ['postgres:', 'postgresql:']);
  const databaseOwnerUrl = readUrl('DATABASE_OWNER_URL', env.DATABASE_OWNER_URL, ['postgres:', 'postgresql:']);
  if (databaseOwnerUrl && !databaseUrl) {
    throw new ConfigError('DATABASE_OWNER_URL only makes sense together with DATABASE_URL, which is not set.');
  }
  return {
    port,
    dataDir,
    databaseUrl,
    databaseOwnerUrl,
    pool: {
      size: readNumber('DATABASE_POOL_SIZE', env.DATABASE_POOL_SIZE, 20, 2, 1_000),
      waitMs: readNumber('DATABASE_POOL_WAIT_MS', env.DATABASE_POOL_WAIT_MS, 2_000, 1, 60_000),
    },
    migrate: readYesNo('MIGRATE', env.MIGRATE),
    worker: readYesNo('WORKER', env.WORKER),
    redisUrl: readUrl('REDIS_URL', env.REDIS_URL, ['redis:', 'rediss:']),
    publicUrl: readPublicUrl(env.PUBLIC_URL || `http://localhost:${port}`),
    smtpUrl: readUrl('SMTP_URL', env.SMTP_URL, ['smtp:', 'smtps:']),
    privateWebhooks: readYesNo('PRIVATE_WEBHOOKS', env.PRIVATE_WEBHOOKS, 'false'),
    metricsToken: readMetricsToken(env.METRICS_TOKEN),
    logFormat,
    logLevel: readOneOf('LOG_LEVEL', env.LOG_LEVEL, LOG_LEVELS, logFormat === 'json' ? 'info' : 'warn'),
    shutdownDelaySeconds: readNumber('SHUTDOWN_DELAY_SECONDS', env.SHUTDOWN_DELAY_SECONDS, 0, 0, 300),
    sessionSecret: readSessionSecret(env.SESSION_SECRET, production, dataDir),
    testClock: readTestClock(env.TEST_CLOCK, production),
    production,
  };
}

/** Adds the variables of a `.env` file in the working directory; what is set already stays. */
export function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

function readNumber(name: string, value: string | undefined, usual: number, min: number, max: number): number {
  if (!value) return usual;
  const number = Number(value);
  if (!/^\d{1,9}$/.test(value) || number < min || number > max) {
    throw new ConfigError(`${name} must be a whole number from ${min} to ${max}; it is "${value}".`);
  }
  return number;
}

function readYesNo(name: string, value: string | undefined, usual: 'true' | 'false' = 'true'): boolean {
  return readOneOf(name, value, ['true', 'false'], usual) === 'true';
}

function readOneOf<T extends string>(name: string, value: string | undefined, known: readonly T[], usual: T): T {
  const choice = known.find((one) => one === (value || usual));
  if (!choice) throw new ConfigError(`${name} must be one of ${known.join(', ')}; it is "${value}".`);
  return choice;
}

/** The value is left out of the message: it may hold a password. */
function readUrl(name: string, value: string | undefined, protocols: readonly string[]): string | undefined {
  if (!value) return undefined;
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
    throw new ConfigError(`${name} must be an address that starts with ${protocols[0]}//.`);
  }
  return value;
}

function readPublicUrl(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const bare = url && url.href === `${url.origin}/`;
  if (!bare || !['http:', 'https:'].includes(url.protocol)) {
    throw new ConfigError(
      `PUBLIC_URL must be an http or https address without a path, such as https://crm.example.com; it is "${value}".`,
    );
  }
  return url.origin;
}

function readMetricsToken(value: string | undefined): string | undefined {
  if (value && value.length < METRICS_TOKEN_LENGTH) {
    throw new ConfigError(
      `METRICS_TOKEN must have at least ${METRICS_TOKEN_LENGTH} characters; it has ${value.length}.`,
    );
  }
  return value || undefined;
}

function readTestClock(value: string | undefined, production: boolean): Date | undefined {
  if (!value) return undefined;
  if (production) throw new ConfigError('TEST_CLOCK is for development: production has the time of its machines.');
  const moment = new Date(value);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(value) || Number.isNaN(moment.getTime())) {
    throw new ConfigError(`TEST_CLOCK must be a moment such as 2025-10-01T08:00:00Z; it is "${value}".`);
  }
  return moment;
}

function readSessionSecret(value: string | undefined, production: boolean, dataDir: string): string {
  if (value && value.length < SECRET_LENGTH) {
    throw new ConfigError(`SESSION_SECRET must have at least ${SECRET_LENGTH} characters; it has ${value.length}.`);
  }
  if (!value && production) {
    throw new ConfigError(`SESSION_SECRET must be set in production, to at least ${SECRET_LENGTH} random characters.`);
  }
  return value || ownSecret(dataDir);
}

/** Kept, so that a restart logs nobody out. */
function ownSecret(dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true });
    return keptSecret(join(dataDir, 'session.secret'));
  } catch (error) {
    throw new ConfigError(`DATA_DIR must be a folder this program can write to: ${(error as Error).message}.`);
  }
}
