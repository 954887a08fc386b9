import { createHash } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Refusal } from '../../kernel/refusal';
import { actorOf } from '../web/access/actors.service';
import type { RepeatableRequest } from './idempotency.queries';

const MAX_KEY_LENGTH = 255;

/**
 * The key under which a client may repeat a request that moves money: the header `Idempotency-Key`, or the hidden
 * field `idempotencyKey` of a form. Undefined without one. @throws Refusal INVALID_INPUT
 */
export const Repeatable = createParamDecorator(
  (_: unknown, context: ExecutionContext): RepeatableRequest | undefined => {
    const request = context.switchToHttp().getRequest<Request>();
    const { idempotencyKey, ...body } = (request.body ?? {}) as Record<string, unknown>;
    const key = request.get('idempotency-key') ?? idempotencyKey;
    if (key === undefined) return undefined;
    if (typeof key !== 'string' || key === '' || key.length > MAX_KEY_LENGTH) {
      const violation = { field: 'Idempotency-Key', code: 'MAX_LENGTH', params: { limit: MAX_KEY_LENGTH } };
      throw new Refusal('INVALID_INPUT', { errors: [violation] });
    }
    const route = `${request.method} ${request.path}`;
    return { actor: actorOf(request)?.ref ?? '', route, key, bodyHash: hashOf(body) };
  },
);

/** The same for the same fields in any order; the bodies of these routes are flat. */
function hashOf(body: Readonly<Record<string, unknown>>): string {
  return createHash('sha256')
    .update(JSON.stringify(body, Object.keys(body).sort()))
    .digest('hex');
}
