import Handlebars from 'handlebars';
import type { FieldError } from '../../kernel/refusal';
import type { RefusedForm } from './refused-form';

/** A complaint about a field, with the id under which the field is found on the page, and what it is called there. */
export interface Fault extends FieldError {
  readonly id?: string;
  readonly label?: string;
}

interface Field {
  readonly tag: string;
  readonly attributes: string;
  readonly inner: string;
}

interface Form {
  readonly start: number;
  readonly end: number;
  readonly attributes: string;
  readonly content: string;
}

const FORM = /<form\b((?:"[^"]*"|[^">])*)>([^]*?)<\/form>/g;
const FIELD = /<input\b((?:"[^"]*"|[^">])*)>|<(select|textarea)\b((?:"[^"]*"|[^">])*)>([^]*?)<\/\2>/g;
const FORM_ACTION = /\sformaction="([^"]*)"/g;
const OPTION = /<option\b((?:"[^"]*"|[^">])*)>/g;
const escape = Handlebars.escapeExpression;

/**
 * The page with its refused form filled in as it was sent, the faulty fields marked, and the `details` around it open.
 * It works on finished HTML, so that no template has to think of it.
 */
export function fillAgain(html: string, refused: RefusedForm): { html: string; faults: readonly Fault[] } {
  const faults: Fault[] = (refused.problem.errors ?? []).map((error) => ({ ...error }));
  const form = formIn(html, refused);
  if (!form) return { html, faults };
  const names = faults.map(({ field }) => nameOf(field, refused.typed));
  const content = form.content.replace(FIELD, (text: string, ...parts: string[]) => {
    const field = fieldOf(parts);
    const { name, id, 'aria-label': label } = attributesOf(field.attributes);
    if (name === undefined) return text;
    const filled = withValue(field, valueAt(refused.typed, name));
    const fault = names.findIndex((faulty, i) => !faults[i]!.id && (name === faulty || name.startsWith(`${faulty}[`)));
    if (fault < 0 || isHidden(field)) return written(filled);
    faults[fault] = { ...faults[fault]!, id: id ?? `pp-field-${fault}`, label: label ?? labelOf(id, form.content) };
    return marked(filled, faults[fault], `pp-fault-${fault}`);
  });
  const again = (address: string) => {
    const plain = withoutFrom(address);
    return `${plain}${plain.includes('?') ? '&' : '?'}_from=${encodeURIComponent(refused.page)}`;
  };
  const opening = `<form${withAttribute(form.attributes, 'action', again(attributesOf(form.attributes)['action'] ?? ''))}>`;
  const buttons = content.replace(
    FORM_ACTION,
    (_, address: string) => ` formaction="${escape(again(unescaped(address)))}"`,
  );
  return { html: `${opened(html.slice(0, form.start))}${opening}${buttons}</form>${html.slice(form.end)}`, faults };
}

/** The form that was sent: of several with the same address the one whose hidden fields are those sent. */
function formIn(html: string, { action, typed }: RefusedForm): Form | undefined {
  const sentTo = withoutFrom(action);
  const forms = [...html.matchAll(FORM)]
    .map(({ 0: text, 1: attributes = '', 2: content = '', index: start }) => ({
      start,
      end: start + text.length,
      attributes,
      content,
    }))
    .filter(({ attributes, content }) => [attributesOf(attributes)['action'], ...buttonsOf(content)].includes(sentTo));
  const sent = ({ content }: Form) =>
    fieldsOf(content).every((field) => {
      const { name = '', value } = attributesOf(field.attributes);
      return !isHidden(field) || name === 'idempotencyKey' || valueAt(typed, name) === value;
    });
  return forms.find(sent) ?? forms[0];
}

/** Where its buttons send it to instead. */
function buttonsOf(content: string): string[] {
  return [...content.matchAll(FORM_ACTION)].map(([, address = '']) => unescaped(address));
}

function fieldsOf(content: string): Field[] {
  return [...content.matchAll(FIELD)].map(([, ...parts]) => fieldOf(parts));
}

function fieldOf([input, tag, attributes, inner]: (string | undefined)[]): Field {
  return { tag: tag ?? 'input', attributes: input ?? attributes ?? '', inner: inner ?? '' };
}

function isHidden({ attributes }: Field): boolean {
  return attributesOf(attributes)['type'] === 'hidden';
}

/** Secrets and files are not shown again, and what is hidden is what the fresh page says. */
function withValue(field: Field, value: unknown): Field {
  const { type = 'text', value: own = 'on' } = attributesOf(field.attributes);
  const text = typeof value === 'string' ? value : '';
  if (field.tag === 'textarea') return { ...field, inner: escape(text) };
  if (field.tag === 'select')
    return { ...field, inner: field.inner.replace(OPTION, (_, option: string) => chosen(option, text)) };
  if (['hidden', 'password', 'file'].includes(type)) return field;
  if (type !== 'checkbox' && type !== 'radio') {
    return { ...field, attributes: withAttribute(field.attributes, 'value', text) };
  }
  const ticked = Array.isArray(value) ? value.includes(own) : value === own;
  return { ...field, attributes: withAttribute(field.attributes, 'checked', ticked ? '' : null) };
}

function chosen(option: string, text: string): string {
  return `<option${withAttribute(option, 'selected', attributesOf(option)['value'] === text ? '' : null)}>`;
}

function marked(field: Field, { id = '', message }: Fault, messageId: string): string {
  const described = attributesOf(field.attributes)['aria-describedby'];
  let attributes = withAttribute(field.attributes, 'id', id);
  attributes = withAttribute(attributes, 'aria-invalid', 'true');
  attributes = withAttribute(attributes, 'aria-describedby', described ? `${messageId} ${described}` : messageId);
  return `${written({ ...field, attributes })}<span class="pp-field__error" id="${messageId}">${escape(message)}</span>`;
}

function written({ tag, attributes, inner }: Field): string {
  return tag === 'input' ? `<input${attributes}>` : `<${tag}${attributes}>${inner}</${tag}>`;
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/\s([\w-]+)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  );
}

/** @param value null takes the attribute away */
function withAttribute(text: string, name: string, value: string | null): string {
  const rest = text.replace(new RegExp(`\\s${name}(?:="[^"]*")?(?=\\s|$)`), '');
  return value === null ? rest : `${rest} ${name}="${escape(value)}"`;
}

function labelOf(id: string | undefined, content: string): string | undefined {
  const [, text] = content.match(new RegExp(`<label for="${id}">([^<]*)`)) ?? [];
  return text === undefined ? undefined : unescaped(text);
}

/** What comes before the form, with the last `details` open if the form stands in it. */
function opened(before: string): string {
  const start = before.lastIndexOf('<details');
  if (start < 0 || before.includes('</details>', start)) return before;
  return `${before.slice(0, start)}<details open${before.slice(start + '<details'.length)}`;
}

function withoutFrom(address: string): string {
  return address.replace(/[?&]_from=[^&]*/, '');
}

function unescaped(text: string): string {
  return text
    .replace(/&#x([0-9A-Fa-f]+);/g, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&(lt|gt|quot);/g, (_, name: 'lt' | 'gt' | 'quot') => ({ lt: '<', gt: '>', quot: '"' })[name])
    .replace(/&amp;/g, '&');
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** What stands in the form under a field's name: `levels[2][rateBps]`. */
function valueAt(typed: unknown, name: string): unknown {
  return name.split(/[[\]]+/).reduce((value: unknown, part) => {
    if (part === '') return value;
    return isRecord(value) ? value[part] : undefined;
  }, typed);
}

/** The name of the field behind a fault: `levels.1.rateBps` is the second row that is not empty. */
function nameOf(field: string, typed: unknown): string {
  let value = typed;
  const [first = '', ...rest] = field.split('.').map((part) => {
    const rows =
      /^\d+$/.test(part) && isRecord(value)
        ? Object.keys(value).filter((row) => hasText((value as Record<string, unknown>)[row]))
        : [];
    const key = rows[Number(part)] ?? part;
    value = isRecord(value) ? value[key] : undefined;
    return key;
  });
  return [first, ...rest.map((part) => `[${part}]`)].join('');
}

function hasText(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '';
  return isRecord(value) && Object.values(value).some(hasText);
}
