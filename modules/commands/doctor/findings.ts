import type { MigrationState } from '../../platform/operations/migrations.queries';

/** What was looked at, and in a sentence how it is; for what is wrong, also what to do. */
export interface Finding {
  /** Stays the same from version to version. */
  readonly id: string;
  readonly ok: boolean;
  readonly says: string;
}

export interface ServerFacts {
  /** The major version of PostgreSQL. */
  readonly version: number;
  /** Settings that are off without which a crash may lose what was confirmed. */
  readonly unsafe: readonly string[];
  /** The role that asks. */
  readonly role: string;
  readonly superuser: boolean;
  /** Tables that it owns; of the ledger those that it may write; those that it may not read. */
  readonly owned: readonly string[];
  readonly writable: readonly string[];
  readonly hidden: readonly string[];
  /** Milliseconds since 1970, by the clock of the database and of this machine at the same moment. */
  readonly databaseMs: number;
  readonly programMs: number;
}

export interface SetupFacts {
  /** Whether terms are published, a plan is in force, and a status of contracts pays. */
  readonly terms: boolean;
  readonly plan: boolean;
  readonly accrual: boolean;
  /** How far the last moment that commissions were calculated as of lies ahead of the database's clock. */
  readonly calculatedAheadSeconds: number;
}

export interface WorkFacts {
  readonly dead: number;
  /** Jobs that should have been done a good while ago. */
  readonly late: number;
  /** Kinds of jobs that fail again and again. */
  readonly failing: readonly string[];
  readonly notReconciled: boolean;
}

const OLDEST_VERSION = 15;
/** Half of what a host's clock may run ahead before a change counts as one from the future. */
const MOST_DRIFT_SECONDS = 30;

const finding = (id: string, ok: boolean, good: string, wrong: string): Finding => ({
  id,
  ok,
  says: ok ? good : wrong,
});

/** The server and its clock. @see F5 */
export function serverFindings({ version, unsafe, databaseMs, programMs }: ServerFacts): Finding[] {
  const ahead = Math.round((programMs - databaseMs) / 1_000);
  const [drift, direction] = [Math.abs(ahead), ahead > 0 ? 'ahead of' : 'behind'];
  return [
    finding(
      'version',
      version >= OLDEST_VERSION,
      `PostgreSQL ${version} answers.`,
      `PostgreSQL ${version} is too old: ${OLDEST_VERSION} is the oldest that will do.`,
    ),
    finding(
      'durability',
      unsafe.length === 0,
      'What the server has confirmed survives a crash.',
      `A crash can lose confirmed payments: switch ${unsafe.join(', ')} on.`,
    ),
    finding(
      'clock',
      drift <= MOST_DRIFT_SECONDS,
      'The clocks of this machine and of the database agree.',
      `The clock of this machine is ${drift} s ${direction} that of the database: let both follow a time server.`,
    ),
  ];
}

/** Whether the tables are those of this version of the program. */
export function migrationFindings({ pending, unknown, older }: MigrationState): Finding[] {
  return [
    finding(
      'migrations',
      pending.length === 0 && older.length === 0,
      'The tables are up to date.',
      older.length > 0
        ? `A version before 0.1.0 made the tables, and this one cannot take them over (${older.join(', ')}).`
        : `The tables are not up to date: run \`partner-program migrate\` (${pending.join(', ')}).`,
    ),
    finding(
      'newer',
      unknown.length === 0,
      'No newer version of the program has changed the tables.',
      `A newer version of the program has changed the tables (${unknown.join(', ')}): use that version here too.`,
    ),
  ];
}

/** Whether the database itself keeps the application from changing the past. */
export function roleFindings({ role, superuser, owned, writable, hidden }: ServerFacts): Finding[] {
  const isOwner = owned.length > 0;
  return [
    finding(
      'superuser',
      !superuser,
      `The role ${role} is no superuser.`,
      `The role ${role} is a superuser, whom nothing keeps from changing the ledger: give the application a role of its own.`,
    ),
    finding(
      'owner',
      superuser || !isOwner,
      `The role ${role} owns none of the tables.`,
      `The role ${role} owns tables (${owned.join(', ')}) and so can change the ledger: migrate as another role, ` +
        `with \`--grant-to ${role}\`.`,
    ),
    finding(
      'ledger',
      superuser || isOwner || writable.length === 0,
      `The role ${role} writes the ledger only through its functions.`,
      `The role ${role} may write tables of the ledger (${writable.join(', ')}): run ` +
        `\`partner-program migrate --grant-to ${role}\` as their owner.`,
    ),
    finding(
      'grants',
      hidden.length === 0,
      `The role ${role} may read what the application needs.`,
      `The role ${role} may not read ${hidden.join(', ')}: run \`partner-program migrate --grant-to ${role}\` as their owner.`,
    ),
  ];
}

/** Whether a contract could lead to a commission. */
export function setupFindings({ terms, plan, accrual, calculatedAheadSeconds }: SetupFacts): Finding[] {
  const ahead = Math.round(calculatedAheadSeconds);
  return [
    finding(
      'terms',
      terms,
      'Terms are published.',
      'No terms are published, so nobody can join: upload and publish some.',
    ),
    finding(
      'plan',
      plan,
      'A commission plan is in force.',
      'No commission plan is in force, so nobody earns: activate one.',
    ),
    finding(
      'statuses',
      accrual,
      'A status of contracts pays commissions.',
      'No status of contracts pays commissions: choose the one at which they are earned.',
    ),
    finding(
      'timeline',
      ahead <= MOST_DRIFT_SECONDS,
      'No commission was calculated as of the future.',
      `Commissions were calculated as of ${ahead} s from now: a clock was wrong, and no rule can change before then.`,
    ),
  ];
}

/** Whether the work gets done. @param lateMinutes from when on a job counts as late */
export function workFindings({ dead, late, failing, notReconciled }: WorkFacts, lateMinutes: number): Finding[] {
  return [
    finding(
      'dead-jobs',
      dead === 0,
      'No job was given up.',
      `Jobs that were given up: ${dead}. See why at /partner-program/jobs, and try them again there.`,
    ),
    finding(
      'late-jobs',
      late === 0,
      'No job is late.',
      `Jobs that should have been done ${lateMinutes} minutes ago: ${late}. Does a worker run?`,
    ),
    finding(
      'failing-jobs',
      failing.length === 0,
      'No job fails again and again.',
      `Jobs that fail again and again: ${failing.join(', ')}. See why at /partner-program/jobs?status=waiting.`,
    ),
    finding(
      'reconciliation',
      !notReconciled,
      'The CRM is asked every day for what it did not report.',
      'The CRM has not answered for two days what it did not report: see why at /partner-program/jobs?status=waiting.',
    ),
  ];
}

/** @param broken the ids of the rules that do not hold */
export function bookFindings(broken: readonly string[]): Finding[] {
  return [
    finding(
      'integrity',
      broken.length === 0,
      'The books are in order.',
      `The books are not in order (${broken.join(', ')}): pay nothing out, and see \`partner-program integrity\`.`,
    ),
  ];
}
