import type ts from 'typescript';
import { REFUSALS, type RefusalCode } from '../modules/kernel/refusal';
import type { Operation } from './operations';
import type { Refusals } from './refusals';
import type { RequestShape } from './requests';
import type { Route } from './routes';
import type { Schema, Schemas } from './schemas';

/** Every problem has these; what else a refusal says is its own. */
const OF_EVERY_PROBLEM = new Set(['errors']);
/** What is put to a refusal when it is answered; see `modules/platform/web/pages/problems.service.ts`. */
const ADDED: Partial<Record<RefusalCode, Schema>> = {
  FORBIDDEN: { permissionLabel: { type: 'string', description: 'In the reader’s language.' } },
};

/** What operations answer when they do not do what they were asked to. */
export class Problems {
  private readonly alone = new Set<RefusalCode>();

  /** @param guard of all routes, for what its refusals say */
  constructor(
    private readonly schemas: Schemas,
    private readonly refusals: Refusals,
    guard: ts.Node,
  ) {
    refusals.from(guard);
  }

  /** The problems of an operation by status, as far as its code tells. */
  answers(route: Route, { never = [] }: Operation, request: RequestShape, handler: ts.Node): Record<string, object> {
    const codes = this.refusals.from(handler);
    for (const code of [...ofAccess(route, request), ...ofInput(route, request)]) codes.add(code);
    for (const code of never) codes.delete(code);
    const statuses = new Set([...codes].map((code) => REFUSALS[code]));
    const withStatus = (status: number) => [...codes].filter((code) => REFUSALS[code] === status).toSorted();
    return Object.fromEntries([...statuses].map((status) => [status, this.answer(withStatus(status))]));
  }

  /** Those that an operation names by reference: the one of any problem, and each that has its status for itself. */
  shared(): Record<string, object> {
    const codes = [...this.alone].map((code) => [code, this.problem([code])] as const);
    return {
      Problem: {
        description: 'Any other problem: a request that cannot be read (400), a failure (500), an interruption (503).',
        content: contentOf({ $ref: '#/components/schemas/Problem' }),
      },
      ...Object.fromEntries(codes),
    };
  }

  private answer(codes: readonly RefusalCode[]): object {
    const [only, ...others] = codes;
    if (others.length > 0) return this.problem(codes);
    this.alone.add(only!);
    return { $ref: `#/components/responses/${only!}` };
  }

  private problem(codes: readonly RefusalCode[]): object {
    const params = codes.flatMap((code) =>
      [...this.refusals.paramsOf(code)]
        .filter(([name]) => !OF_EVERY_PROBLEM.has(name))
        .map(([name, type]) => [name, this.schemas.field(name, type)] as const),
    );
    const properties = Object.assign(
      { code: { enum: codes } },
      Object.fromEntries(params.toSorted(([a], [b]) => (a < b ? -1 : 1))),
      ...codes.map((code) => ADDED[code]),
    ) as object;
    const isLimit = codes.some((code) => REFUSALS[code] === 429);
    return {
      ...(isLimit && { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }),
      description: codes.map((code) => `\`${code}\``).join(', '),
      content: contentOf({ allOf: [{ $ref: '#/components/schemas/Problem' }, { type: 'object', properties }] }),
    };
  }
}

function contentOf(schema: Schema): object {
  return { 'application/problem+json': { schema } };
}

/** What the guards of all routes say; see `modules/platform/web/access/access.guard.ts`. */
function ofAccess({ audience, method, peopleOnly }: Route, { letsIn }: RequestShape): RefusalCode[] {
  const isWrite = method !== 'get';
  const origin: RefusalCode[] = isWrite ? ['FOREIGN_ORIGIN'] : [];
  if (audience === 'anyone' || letsIn) return origin;
  const partners: RefusalCode[] = [
    'NOT_A_PARTNER',
    'AWAITING_APPROVAL',
    ...(isWrite ? ['PARTNER_SUSPENDED' as const] : []),
  ];
  return [
    ...origin,
    'UNAUTHENTICATED',
    'FORBIDDEN',
    ...(isWrite ? ['EMAIL_UNCONFIRMED' as const] : []),
    ...(audience.includes('self') || audience.includes('takingPart') ? partners : []),
    ...(peopleOnly ? ['PEOPLE_ONLY' as const] : []),
  ];
}

/** What the pipe of all routes says; see `modules/platform/web/request/validation.ts`. What nothing has is no id, and not every path can be read. */
function ofInput({ paths }: Route, { body, hasQuery }: RequestShape): RefusalCode[] {
  return [
    ...(body ? (['INVALID_INPUT', 'MALFORMED_REQUEST', 'TOO_LARGE', 'UNSUPPORTED_MEDIA'] as const) : []),
    ...(hasQuery ? (['INVALID_INPUT'] as const) : []),
    ...(paths[0].includes('{') ? (['MALFORMED_REQUEST', 'NOT_FOUND'] as const) : []),
  ];
}
