import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { keptSecret } from './kept-secret';
import { StartError } from './start-error';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What the environment says, checked. `.env.example` tells what each variable is for. */
export interface Config {
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Without it the program runs a PostgreSQL of its own in `dataDir`. */
  readonly databaseUrl?: string;
  /** The role that owns the schemas and migrates them, where the role of `databaseUrl` owns nothing. */
  readonly databaseOwnerUrl?: string;
  readonly redisUrl?: string;
  /** Scheme, host and port only. */
  readonly publicUrl: string;
  readonly smtpUrl?: string;
  readonly sessionSecret: string;
  /** Who sends it may read the metrics; without it nobody can. */
  readonly metricsToken?: string;
  readonly logLevel: LogLevel;
  readonly production: boolean;
}

export class ConfigError extends StartError {}

const SECRET_LENGTH = 32;
const METRICS_TOKEN_LENGTH = 16;

/** @throws ConfigError naming the first variable that is missing or wrong */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const production = env.NODE_ENV === 'production';
  const port = readPort(env.PORT);
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
    redisUrl: readUrl('REDIS_URL', env.REDIS_URL, ['redis:', 'rediss:']),
    publicUrl: readPublicUrl(env.PUBLIC_URL || `http://localhost:${port}`),
    smtpUrl: readUrl('SMTP_URL', env.SMTP_URL, ['smtp:', 'smtps:']),
    metricsToken: readMetricsToken(env.METRICS_TOKEN),
    logLevel: readLogLevel(env.LOG_LEVEL),
    sessionSecret: readSessionSecret(env.SESSION_SECRET, production, dataDir),
    production,
  };
}

/** Adds the variables of a `.env` file in the working directory; what is set already stays. */
export function loadEnvFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
}

function readPort(value: string | undefined): number {
  if (!value) return 3000;
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port < 1 || port > 65_535) {
    throw new ConfigError(`PORT must be a whole number from 1 to 65535; it is "${value}".`);
  }
  return port;
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

function readLogLevel(value: string | undefined): LogLevel {
  const level = LOG_LEVELS.find((known) => known === (value || 'warn'));
  if (!level) throw new ConfigError(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}; it is "${value}".`);
  return level;
}

function readMetricsToken(value: string | undefined): string | undefined {
  if (value && value.length < METRICS_TOKEN_LENGTH) {
    throw new ConfigError(
      `METRICS_TOKEN must have at least ${METRICS_TOKEN_LENGTH} characters; it has ${value.length}.`,
    );
  }
  return value || undefined;
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
