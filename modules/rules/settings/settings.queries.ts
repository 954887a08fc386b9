import type { EntityManager } from 'typeorm';
import { rows, run } from '../../kernel/query';
import type { Minimum } from '../../platform/program/program.queries';

const SET_MINIMUMS = {
  name: 'settings-set-minimums',
  text: `
    insert into partner_program.minimum_withdrawal as m (unit, amount_minor)
    select unit, "amountMinor" from jsonb_to_recordset($1::jsonb) as w (unit text, "amountMinor" bigint)
     where "amountMinor" > 0
    on conflict (unit) do update set amount_minor = excluded.amount_minor where m.amount_minor <> excluded.amount_minor`,
};
const DROP_MINIMUMS = {
  name: 'settings-drop-minimums',
  text: `
    delete from partner_program.minimum_withdrawal m
     where $2 and not exists (select from jsonb_to_recordset($1::jsonb) as w (unit text) where w.unit = m.unit)
        or exists (select from jsonb_to_recordset($1::jsonb) as w (unit text, "amountMinor" bigint)
                    where w.unit = m.unit and "amountMinor" = 0)`,
};

/**
 * Sets the least that can be asked for in these units; of 0 there is none.
 * @param all whether units that are not named lose theirs
 */
export async function setMinimums(
  tx: EntityManager,
  minimums: readonly Minimum[],
  { all }: { all: boolean },
): Promise<void> {
  await run(tx, DROP_MINIMUMS, [JSON.stringify(minimums), all]);
  await run(tx, SET_MINIMUMS, [JSON.stringify(minimums)]);
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
  text: `select status, action, lower(valid) as valid_from, upper(valid) as valid_to from partner_program.status_action`,
};

/** Every action a status ever carried. */
export function statusActions(tx: EntityManager): Promise<StatusActionRow[]> {
  return rows(tx, STATUS_ACTIONS);
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

const FORECAST_WEIGHTS = {
  name: 'settings-forecast-weights',
  text: 'select status, weight_bps from partner_program.forecast_weight',
};

/** How likely contracts in a status are to come about, in basis points; a status that is not there counts whole. */
export async function forecastWeights(tx: EntityManager): Promise<ReadonlyMap<string, number>> {
  const found = await rows<{ status: string; weightBps: number }>(tx, FORECAST_WEIGHTS);
  return new Map(found.map(({ status, weightBps }) => [status, weightBps]));
}

const SET_FORECAST_WEIGHTS = {
  name: 'settings-set-forecast-weights',
  text: `
    insert into partner_program.forecast_weight as w (status, weight_bps)
    select status, "forecastWeightBps" from jsonb_to_recordset($1) as wanted (status text, "forecastWeightBps" integer)
     where "forecastWeightBps" is not null
    on conflict (status) do update set weight_bps = excluded.weight_bps where w.weight_bps <> excluded.weight_bps`,
};

export async function setForecastWeights(
  tx: EntityManager,
  weights: readonly { readonly status: string; readonly forecastWeightBps?: number }[],
): Promise<void> {
  await run(tx, SET_FORECAST_WEIGHTS, [JSON.stringify(weights)]);
}
