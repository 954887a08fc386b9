import { migratePartnerProgram } from '../migrate';
import { InstallationTooOld } from '../platform/operations/migrations.queries';
import { CommandError, print, printJson, requiredUrl } from './terminal.command';
import type { Terminal } from './terminal.command';

/**
 * Brings the tables up to date and says which migrations ran.
 * @throws CommandError when one fails: none is kept then @see F19
 */
export async function migrate(
  terminal: Terminal,
  { databaseUrl, json, grantTo }: { databaseUrl?: string; json?: boolean; grantTo?: string },
): Promise<void> {
  const migrations = await migratePartnerProgram({ url: requiredUrl(databaseUrl) }, { grantTo }).catch(
    (error: Error) => {
      const what = `The tables cannot be brought up to date: ${error.message}.`;
      if (error instanceof InstallationTooOld) throw new CommandError(what);
      throw new CommandError(`${what} Nothing is left half done: mend it and run this again.`);
    },
  );
  if (json) return printJson(terminal, { ok: true, migrations, grantedTo: grantTo ?? null });
  print(terminal, ...migrations.map((name) => `done  ${name}`));
  print(terminal, migrations.length === 0 ? 'The tables were up to date.' : 'The tables are up to date.');
  if (grantTo !== undefined) print(terminal, `The role ${grantTo} may do what the application needs.`);
}
