import type { EntityManager } from 'typeorm';
import { run } from '../kernel/query';
import type { Settings } from './settings.entity';

const SETTINGS = {
  name: 'settings',
  text: `select id, currency, locale, minimum_withdrawal_minor::float8 as "minimumWithdrawalMinor",
                require_acceptance as "requireAcceptance" from partner_program.settings`,
};

/** What holds now for the whole program; read by nearly every request. */
export async function settingsNow(tx: EntityManager): Promise<Settings> {
  return (await run<Settings>(tx, SETTINGS))[0]!;
}

/** What a status does in a stretch of time. */
export interface StatusActionRow {
  readonly status: string;
  readonly action: 'accrue' | 'reverse';
  readonly validFrom: Date;
  readonly validTo: Date | null;
}

const STATUS_ACTIONS = {
  name: 'settings-status-actions',
  text: `select status, action, lower(valid) as "validFrom", upper(valid) as "validTo" from partner_program.status_action`,
};

/** Every action a status ever carried. */
export function statusActions(tx: EntityManager): Promise<StatusActionRow[]> {
  return run(tx, STATUS_ACTIONS);
}

/** What a status did at a moment. */
export function actionAt(actions: readonly StatusActionRow[], status: string, at: Date): 'accrue' | 'reverse' | 'none' {
  const found = actions.find(
    (row) => row.status === status && row.validFrom <= at && (row.validTo === null || at < row.validTo),
  );
  return found?.action ?? 'none';
}

const END_STATUS_ACTIONS = {
  name: 'settings-end-status-actions',
  text: `
    update partner_program.status_action a set valid = tstzrange(lower(a.valid), $3)
      from unnest($1::text[], $2::text[]) as w (status, action)
     where a.status = w.status and upper(a.valid) is null and a.action <> w.action`,
};
// A statement of its own: within one, the row that begins would meet the row that ends.
const BEGIN_STATUS_ACTIONS = {
  name: 'settings-begin-status-actions',
  text: `
    insert into partner_program.status_action (status, action, valid, set_by)
    select w.status, w.action, tstzrange($3, null), $4 from unnest($1::text[], $2::text[]) as w (status, action)
     where w.action <> 'none'
       and not exists (select 1 from partner_program.status_action a where a.status = w.status and upper(a.valid) is null)`,
};

/** Sets what statuses do from a moment on; a status left out keeps what it does. */
export async function setStatusActions(
  tx: EntityManager,
  wanted: readonly { status: string; action: string }[],
  { from, by }: { from: Date; by: string },
): Promise<void> {
  const [statuses, actions] = [wanted.map(({ status }) => status), wanted.map(({ action }) => action)];
  await run(tx, END_STATUS_ACTIONS, [statuses, actions, from]);
  await run(tx, BEGIN_STATUS_ACTIONS, [statuses, actions, from, by]);
}
