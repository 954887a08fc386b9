import type { Request } from 'express';
import type { FieldError } from '../../../kernel/refusal';
import { FROM } from '../request/replies';
import { FORM_OWNER } from './form-owner';

/** A form that was refused, on its way back to the person who filled it in. */
export interface RefusedForm {
  /** The address it was sent to. */
  readonly action: string;
  /** The address of the page that shows it again. */
  readonly page: string;
  /** What was in its fields, as text. */
  readonly typed: unknown;
  /** What is wrong with it. */
  readonly problem: RefusedProblem;
}

interface RefusedProblem {
  readonly status: number;
  readonly errors?: readonly FieldError[];
}

/** A complaint about a field, with the id under which the field is found on the page, and what it is called there. */
export interface Fault extends FieldError {
  readonly id?: string;
  readonly label?: string;
}

const typed = new WeakMap<Request, unknown>();
const refused = new WeakMap<Request, RefusedForm>();

/** Keeps the text of a form before it is turned into what it stands for. */
export function keepTyped(request: Request): void {
  typed.set(request, request.body);
}

/** From now on the page that is made for this request shows the form again. */
export function refuseForm(request: Request, page: string, problem: RefusedProblem): void {
  const text = typed.get(request) ?? (request.body as unknown);
  refused.set(request, { action: request.originalUrl, page, typed: text, problem });
}

/** The refused form that the page for this request is to show again. */
export function refusedFormOf(request: Request): RefusedForm | undefined {
  return refused.get(request);
}

/** Whether a form with this address was the one that was sent, whoever it was made for. */
export function isSentTo(action: string, { action: sentTo }: RefusedForm): boolean {
  return addressOf(action) === addressOf(sentTo);
}

function addressOf(action: string): string {
  const { pathname, searchParams } = new URL(action, 'http://localhost');
  for (const name of [FORM_OWNER, FROM]) searchParams.delete(name);
  searchParams.sort();
  return `${pathname}?${searchParams.toString()}`;
}
