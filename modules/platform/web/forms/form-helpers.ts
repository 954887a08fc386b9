import { randomUUID } from 'node:crypto';
import Handlebars, { type HelperOptions } from 'handlebars';
import type { FieldError } from '../../../kernel/refusal';
import type { Actor } from '../access/actor';
import { FROM } from '../request/replies';
import { FORM_OWNER, markedKey, ownerMark } from './form-owner';
import { type Fault, isSentTo, type RefusedForm } from './refused-form';
import { nameOfFault, valueAt } from './typed-values';

/** What the forms of a page know of the person in front of it, and of the form that was refused. */
export interface FormSurroundings {
  readonly actor: Actor | null;
  readonly refused: RefusedForm | undefined;
  /** Filled while the page is made: where each complaint is found on it. */
  readonly faults: Map<FieldError, Fault>;
  /** A text in the language of the page. */
  readonly t: (key: string) => string;
}

/** Inside a form, as `@form`: what was typed into it when it was refused. */
interface FormState {
  readonly refused: RefusedForm | undefined;
  /** Complaints by the name of the field. */
  readonly complaints: ReadonlyMap<string, FieldError>;
}

/** A field as the partials `field` and `cell` show it. */
interface Field {
  readonly tag: 'input' | 'select' | 'textarea';
  readonly id: string;
  readonly label: string;
  readonly text: string;
  readonly choices: readonly Choice[];
  readonly attributes: Handlebars.SafeString;
  readonly hint: unknown;
  readonly error: string | null;
}

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

type Hash = Readonly<Record<string, unknown>>;

/** What a template gives as text or number; `null` and `undefined` are nothing. */
const spoken = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const around = (options: HelperOptions) => options.data as FormSurroundings & { readonly form?: FormState };
const escape = Handlebars.escapeExpression;
/** What a field says for itself; all else that is given are attributes of its element. */
const OWN = new Set(['id', 'label', 'hint', 'value', 'choices', 'textarea']);
/** Secrets and files are not shown again. */
const NEVER_AGAIN = new Set(['password', 'file']);

/** The words forms are written with. */
export const formHelpers: Record<string, Handlebars.HelperDelegate> = {
  /**
   * `{{#form '/partner-program/plans' class='pp-form'}} … {{/form}}`: a form that is sent, and carries for whom it was
   * made. A file makes it an upload.
   */
  form(this: unknown, action: string, options: HelperOptions) {
    const { actor } = around(options);
    const hash = options.hash as Hash;
    const mark = ownerMark(actor);
    const isUpload = hash['enctype'] !== undefined; // whose fields are read after its address
    const data = Handlebars.createFrame(options.data) as { form?: FormState };
    data.form = stateOf([action, hash['also']], hash['with'], around(options));
    const address = withQuery(action, {
      [FORM_OWNER]: isUpload ? mark : undefined,
      [FROM]: action.includes(`${FROM}=`) ? undefined : data.form.refused?.page,
    });
    const content = options.fn(this, { data });
    const field = isUpload ? '' : `<input type="hidden" name="${FORM_OWNER}" value="${mark}">`;
    const attributes = written({ ...hash, also: undefined, with: undefined, method: 'post', action: address });
    return new Handlebars.SafeString(`<form${attributes}>${field}${content}</form>`);
  },

  /** The view of one field: `{{> field (input 'email' label=(t 'field.email') type='email' required=true)}}`. */
  input: (name: string, options: HelperOptions): Field => fieldOf(name, options),

  /** `(choices 'pl' 'en' text='language' chosen=locale)`: the labels are the texts `language.pl`, `language.en`, or the values. */
  choices(...args: unknown[]): Choice[] {
    const options = args.pop() as HelperOptions;
    const { labels, chosen, text, all } = options.hash as {
      labels?: Hash;
      chosen?: unknown;
      text?: string;
      all?: string;
    };
    const { t } = around(options);
    const wordOf = (value: string) => (text === undefined ? value : t(`${text}.${value}`));
    const labelOf = (value: string) => spoken(labels?.[value]) || (value === '' ? (all ?? '') : wordOf(value));
    return (args.flat() as string[])
      .filter((value) => typeof value === 'string')
      .map((value) => ({ value, label: labelOf(value), selected: spoken(chosen) === value }));
  },

  /** ` checked`, for a box or a button of a choice: as it was sent, else as the page says. */
  ticked(name: string, value: string, otherwise: unknown, options: HelperOptions) {
    const typed = around(options).form?.refused;
    const sent = typed && valueAt(typed.typed, name);
    const ticked = typed ? (Array.isArray(sent) ? sent.includes(value) : sent === value) : Boolean(otherwise);
    return new Handlebars.SafeString(ticked ? ' checked' : '');
  },

  /** ` open`, for what the form with this address is folded into. */
  opened(action: string, options: HelperOptions) {
    const { refused } = around(options);
    return new Handlebars.SafeString(refused && isSentTo(action, refused) ? ' open' : '');
  },

  /** A key under which a form is worked on once, however often it is sent. */
  once: (options: HelperOptions) => markedKey(randomUUID(), around(options).actor),
};

function withQuery(address: string, query: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(query).reduce(
    (before, [name, value]) =>
      value === undefined ? before : `${before}${before.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`,
    address,
  );
}

/**
 * @param actions the address of the form, and the one that a button of it leads to instead
 * @param hidden  what tells this form from others with the same address: `currency=PLN` among the values sent
 */
function stateOf(actions: readonly unknown[], hidden: unknown, { refused }: FormSurroundings): FormState {
  const isIt =
    refused !== undefined &&
    actions.some((action) => typeof action === 'string' && isSentTo(action, refused)) &&
    (hidden === undefined ||
      Object.entries(hidden as Hash).every(([name, value]) => valueAt(refused.typed, name) === value));
  if (!isIt) return { refused: undefined, complaints: new Map() };
  return {
    refused,
    complaints: new Map(
      (refused.problem.errors ?? []).map((error) => [nameOfFault(error.field, refused.typed), error]),
    ),
  };
}

function fieldOf(name: string, options: HelperOptions): Field {
  const hash = options.hash as Hash;
  const { form, faults } = around(options);
  const tag = hash['choices'] ? 'select' : hash['textarea'] ? 'textarea' : 'input';
  const id = spoken(hash['id']) || `pp-${name.replace(/\W+/g, '-')}`;
  const label = spoken(hash['label'] ?? hash['aria-label']);
  const again = form?.refused && !NEVER_AGAIN.has(String(hash['type']));
  const value = again ? spoken(valueAt(form.refused.typed, name)) : spoken(hash['value']);
  const complaint = form && complaintOf(form, faults, name);
  if (complaint) faults.set(complaint, { ...complaint, id, label });
  const described = [complaint && `${id}-error`, hash['hint'] && `${id}-hint`, hash['aria-describedby']].filter(
    Boolean,
  );
  const attributes = written({
    id,
    name,
    ...Object.fromEntries(Object.entries(hash).filter(([key]) => !OWN.has(key))),
    value: tag === 'input' && !NEVER_AGAIN.has(String(hash['type'])) ? value : undefined,
    'aria-invalid': complaint ? 'true' : undefined,
    'aria-describedby': described.length > 0 ? described.join(' ') : undefined,
  });
  const choices = ((hash['choices'] as Choice[] | undefined) ?? []).map((choice) =>
    again ? { ...choice, selected: choice.value === value } : choice,
  );
  return {
    tag,
    id,
    label,
    text: value,
    choices,
    attributes: new Handlebars.SafeString(attributes),
    hint: hash['hint'] ?? null,
    error: complaint?.message ?? null,
  };
}

/** A complaint about a list or a row of it is shown once, at the first of its fields. */
function complaintOf(form: FormState, faults: ReadonlyMap<FieldError, Fault>, name: string): FieldError | undefined {
  const own = form.complaints.get(name);
  if (own) return own;
  const above = [...form.complaints].find(([faulty]) => name.startsWith(`${faulty}[`))?.[1];
  return above && !faults.has(above) ? above : undefined;
}

/** What is not given, false or empty is left out, but for a value; `true` is an attribute without one. */
function written(attributes: Hash): string {
  return Object.entries(attributes)
    .filter(
      ([name, value]) => value !== undefined && value !== null && value !== false && (value !== '' || name === 'value'),
    )
    .map(([name, value]) => (value === true ? ` ${name}` : ` ${name}="${escape(String(value))}"`))
    .join('');
}
