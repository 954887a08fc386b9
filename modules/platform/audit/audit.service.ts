import { pipeline, Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { stringify } from 'csv-stringify';
import { DataSource } from 'typeorm';
import { csvOptions, textCell, timeCell } from '../../kernel/csv-cells';
import { decodeCursor, sliceOf } from '../../kernel/cursor';
import type { Slice } from '../../kernel/cursor';
import { formatRate } from '../../kernel/formats';
import type { Locale } from '../../kernel/locale';
import { Refusal } from '../../kernel/refusal';
import { Program } from '../program/program.service';
import { Messages } from '../web/pages/messages.service';
import { listAudit } from './audit.queries';
import type { AuditFilter, AuditRow } from './audit.queries';

const BATCH = 500;
const COLUMNS = ['at', 'actor', 'name', 'action', 'object', 'partner', 'changes', 'reason', 'ip', 'request'] as const;

/** What these fields say is one of our own words. */
const STATES: ReadonlySet<string> = new Set(['status', 'action', 'compression', 'disabledReason']);

/** One thing that changed, in words; an empty text where there is nothing. */
export interface ChangeText {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** A record with its changes in the reader's words besides. */
export type AuditItem = Omit<AuditRow, 'names' | 'currency'> & { readonly changes: readonly ChangeText[] };

/** The audit log, to be read. @see S15 */
@Injectable()
export class AuditService {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly messages: Messages,
    private readonly program: Program,
  ) {}

  /** The newest first. @throws Refusal INVALID_INPUT for a cursor that is none */
  async list(
    filter: AuditFilter,
    { cursor, limit }: { cursor?: string; limit: number },
    locale: Locale,
  ): Promise<Slice<AuditItem>> {
    const after = cursor === undefined ? undefined : placeOf(cursor);
    const rows = await listAudit(this.db.manager, filter, { after, limit: limit + 1 });
    const page = sliceOf(rows, limit, ({ at, id }) => [at.toISOString(), id]);
    const data = page.data.map(({ names, currency, ...row }) => ({
      ...row,
      changes: changeTexts({ names, currency, ...row }, this.messages, locale),
    }));
    return { ...page, data };
  }

  /** All of them, batch by batch, so that a long log needs no more memory than a short one. @see F76 */
  csv(filter: AuditFilter, locale: Locale): Readable {
    const table = stringify(csvOptions(locale));
    return pipeline(Readable.from(this.csvRows(filter, locale)), table, () => undefined);
  }

  private async *csvRows(filter: AuditFilter, locale: Locale): AsyncGenerator<string[]> {
    const say = (key: string) => this.messages.text(locale, key);
    const { timeZone } = this.program.now;
    const [at, ...heads] = COLUMNS.map((column) => say(`audit.col_${column}`));
    yield [`${at} (${timeZone})`, ...heads];
    for (let cursor: string | undefined; ;) {
      const { data, nextCursor } = await this.list(filter, { cursor, limit: BATCH }, locale);
      for (const { at: moment, actor, action, object, partner, changes, reason, ip, requestId } of data) {
        const told = changes.map(({ label, before, after }) => `${label}: ${before} → ${after}`).join('; ');
        const what = [say(`audit.object.${object.type}`), object.name ?? object.id ?? ''].join(' ').trim();
        const texts = [actor.ref, actor.name ?? '', say(`audit.action.${action}`), what, partner?.name ?? '', told];
        yield [timeCell(moment, timeZone), ...[...texts, reason ?? '', ip ?? '', requestId ?? ''].map(textCell)];
      }
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }
}

/** @throws Refusal INVALID_INPUT for a cursor of another list */
function placeOf(cursor: string): readonly [at: string, id: string] {
  const [at = '', id = ''] = decodeCursor(cursor, 2).map(String);
  if (Number.isNaN(Date.parse(at)) || !/^\d{1,18}$/.test(id)) throw new Refusal('INVALID_INPUT', { field: 'cursor' });
  return [at, id];
}

/** What a record says changed, as its reader would say it. */
function changeTexts(row: AuditRow, messages: Messages, locale: Locale): ChangeText[] {
  const { before, after } = row;
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields]
    .filter((field) => before?.[field] !== after?.[field])
    .filter((field) => field !== 'currency' || ![...fields].some((other) => other.endsWith('Minor')))
    .map((field) => ({
      label: messages.has(locale, `audit.field.${field}`) ? messages.text(locale, `audit.field.${field}`) : field,
      before: valueText(field, before?.[field], row, messages, locale),
      after: valueText(field, after?.[field], row, messages, locale),
    }));
}

function valueText(field: string, value: unknown, row: AuditRow, messages: Messages, locale: Locale): string {
  const say = (key: string) => messages.text(locale, key);
  if (field === 'sponsorId') return typeof value === 'string' ? (row.names?.[value] ?? value) : say('audit.top');
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return say(value ? 'audit.yes' : 'audit.no');
  if (typeof value === 'number') return numberText(field, value, row, messages, locale);
  if (Array.isArray(value)) return value.map((one) => itemText(field, String(one), messages, locale)).join(', ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (field === 'effectiveFrom') return messages.date(locale, new Date(text), true);
  const state = field === 'action' && text === 'none' ? 'status.none' : `audit.state.${text}`;
  return STATES.has(field) && messages.has(locale, state) ? say(state) : text;
}

/** What a key may do and a webhook is told is called as it is where one chooses it. */
function itemText(field: string, item: string, messages: Messages, locale: Locale): string {
  const key = `${field === 'scopes' ? 'api_keys.scope' : 'webhooks.event'}.${item}`;
  return messages.has(locale, key) ? messages.text(locale, key) : item;
}

function numberText(
  field: string,
  value: number,
  { before, after, currency }: AuditRow,
  messages: Messages,
  locale: Locale,
): string {
  const unit = after?.['currency'] ?? before?.['currency'] ?? currency;
  if (field.endsWith('Minor') && typeof unit === 'string') {
    return messages.money(locale, { amountMinor: value, currency: unit });
  }
  return field.endsWith('Bps') ? formatRate(locale, value) : String(value);
}
