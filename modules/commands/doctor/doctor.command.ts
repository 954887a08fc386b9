import type { DataSource } from 'typeorm';
import { migrationState } from '../../platform/operations/migrations.queries';
import { checkIntegrity } from '../integrity.command';
import { print, printJson, progressOf } from '../terminal.command';
import type { Context } from '../terminal.command';
import { serverFacts, setupFacts, workFacts } from './doctor.queries';
import { bookFindings, migrationFindings, roleFindings, serverFindings, setupFindings, workFindings } from './findings';
import type { Finding, ServerFacts } from './findings';

const LATE_MINUTES = 10;
const MANY_ATTEMPTS = 4;

/** Says what is missing or wrong. What cannot be looked at because of it is left out. @returns whether nothing is */
export async function checkUp(context: Context, { integrity }: { integrity: boolean }): Promise<boolean> {
  const { db, terminal, json } = context;
  const server = await measuredFacts(db);
  const findings = [...serverFindings(server), ...(await migrations(db, server)), ...roleFindings(server)];
  if (findings.every(({ id, ok }) => ok || !['migrations', 'grants'].includes(id))) {
    findings.push(...setupFindings(await setupFacts(db.manager)));
    findings.push(...workFindings(await workFacts(db.manager, LATE_MINUTES, MANY_ATTEMPTS), LATE_MINUTES));
    if (integrity) findings.push(...bookFindings(await brokenRules(context)));
  }
  const wrong = findings.filter(({ ok }) => !ok);
  const ok = wrong.length === 0;
  if (json) printJson(terminal, { ok, findings });
  else {
    print(terminal, ...findings.map(({ ok, says }) => `${ok ? 'ok   ' : 'WRONG'}  ${says}`));
    print(terminal, ok ? 'Nothing is missing.' : `${wrong.length} of ${findings.length} need somebody.`);
  }
  return ok;
}

/** The clock of this machine is read in the middle of the question. */
async function measuredFacts(db: DataSource): Promise<ServerFacts> {
  const asked = Date.now();
  const facts = await serverFacts(db.manager);
  return { ...facts, programMs: (asked + Date.now()) / 2 };
}

async function migrations(db: DataSource, { hidden }: ServerFacts): Promise<Finding[]> {
  return hidden.includes('migration') ? [] : migrationFindings(await migrationState(db.manager));
}

async function brokenRules({ db, terminal }: Context): Promise<string[]> {
  const progress = progressOf('Rules', terminal);
  const { checks } = await checkIntegrity(db, progress.at).finally(progress.end);
  return checks.filter(({ ok }) => !ok).map(({ id }) => id);
}
