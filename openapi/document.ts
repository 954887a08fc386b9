import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type ts from 'typescript';
import { SCOPES } from '../modules/platform/web/access/scopes';
import { readBodies } from './bodies';
import { COMMON_HEADERS, COMMON_PARAMETERS, COMMON_SCHEMAS, INTRODUCTION, ROOMS, SECURITY_SCHEMES } from './common';
import { EXAMPLES } from './examples';
import { forgottenOperations, operationOf, type Operation } from './operations';
import { Problems } from './problems';
import { Refusals } from './refusals';
import { readRequest } from './requests';
import { readRoutes, type Route } from './routes';
import { type Schema, Schemas } from './schemas';
import { readSource, roomOf, type Source } from './source';

type Answers = Record<string, object>;

/** The OpenAPI document of the program, read from the code that serves it. */
export function describeProgram(): Schema {
  const source = readSource();
  const schemas = new Schemas(source.checker, readBodies(source));
  const guard = source.method('AccessGuard', 'canActivate');
  const problems = new Problems(schemas, new Refusals(source.checker), guard);
  const routes = readRoutes();
  const forgotten = forgottenOperations(new Set(routes.map(({ controller, handler }) => `${controller}.${handler}`)));
  if (forgotten.length > 0) throw new Error(`Nothing serves ${forgotten.join(', ')}: remove it from operations.ts.`);

  const paths: Record<string, Record<string, unknown>> = {};
  const rooms = new Set<string>();
  for (const route of routes) {
    const [main, ...others] = route.paths;
    const handler = source.method(route.controller, route.handler);
    const room = roomOf(handler);
    rooms.add(room);
    paths[main] = { ...paths[main], [route.method]: operationObject(route, handler, { source, schemas, problems }) };
    for (const path of others) paths[path] = { $ref: `#/paths/${main.replace(/\//g, '~1')}` };
  }
  const unnamed = [...rooms].filter((room) => !ROOMS[room]);
  if (unnamed.length > 0) throw new Error(`Say in openapi/common.ts what is in ${unnamed.join(', ')}.`);
  const responses = sorted(problems.shared());
  return {
    openapi: '3.1.1',
    info: {
      title: 'Partner program',
      version: versionOfPackage(),
      license: { name: 'MIT', identifier: 'MIT' },
      description: INTRODUCTION,
    },
    servers: [{ url: '/', description: 'The CRM that has the program in it.' }],
    tags: [...rooms].toSorted().map((name) => ({ name, description: ROOMS[name] })),
    paths: sorted(paths),
    components: {
      schemas: sorted({ ...COMMON_SCHEMAS, ...Object.fromEntries(schemas.named) }),
      responses,
      parameters: COMMON_PARAMETERS,
      headers: COMMON_HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
  };
}

const LIMIT_HEADERS = {
  RateLimit: { $ref: '#/components/headers/RateLimit' },
  'RateLimit-Policy': { $ref: '#/components/headers/RateLimitPolicy' },
};

interface Readers {
  readonly source: Source;
  readonly schemas: Schemas;
  readonly problems: Problems;
}

function operationObject(route: Route, handler: ts.MethodDeclaration, { source, schemas, problems }: Readers): object {
  const operation = operationOf(route.controller, route.handler);
  const request = readRequest(route, handler, schemas);
  const answer = schemas.of(
    source.checker.getReturnTypeOfSignature(source.checker.getSignatureFromDeclaration(handler)!),
  );
  const example = EXAMPLES[operation.id];
  const security = request.letsIn ?? securityOf(route);
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [roomOf(handler)],
    ...(security && { security }),
    parameters: request.parameters,
    ...(request.body && { requestBody: withExample(request.body, example?.request) }),
    responses: {
      ...successes(route, operation, answer, { example: example?.answer, isLimited: request.isLimited }),
      ...problems.answers(route, operation, request, handler),
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function successes(
  route: Route,
  operation: Operation,
  answer: Schema | undefined,
  { example, isLimited }: { example: unknown; isLimited: boolean },
): Answers {
  const content = contentOf(route, operation.media, answer, example);
  const done = {
    description: content ? 'Done.' : 'Done; there is nothing to say.',
    ...(isLimited && { headers: LIMIT_HEADERS }),
    ...(content && { content }),
  };
  const { also } = operation;
  return { [route.status]: done, ...(also && { [also[0]]: { ...done, description: also[1] } }) };
}

function contentOf(
  { hasPage, method }: Route,
  media: string | undefined,
  schema: Schema | undefined,
  example: unknown,
) {
  if (media) return Object.fromEntries(media.split(' ').map((type) => [type, {}]));
  if (!schema) return undefined;
  return {
    'application/json': { schema, ...(example !== undefined && { example }) },
    ...(hasPage && method === 'get' && { 'text/html': { schema: { type: 'string' } } }),
  };
}

function withExample(body: { content: Record<string, object> }, example: unknown) {
  if (example === undefined) return body;
  return { ...body, content: { 'application/json': { ...body.content['application/json'], example } } };
}

/** Permissions belong to users of the CRM, scopes to keys; `self` is a partner, wherever one logs in, `takingPart` one who may bring others in. One line suffices. */
function securityOf({ audience, method, peopleOnly }: Route): object[] | undefined {
  if (audience === 'anyone') return undefined;
  const isOwn = (who: string) => who === 'self' || who === 'takingPart';
  const people = audience.flatMap((who) => [{ crmSession: [who] }, ...(isOwn(who) ? [{ ownSession: [who] }] : [])]);
  const scopes = audience.map((who) => `${who}:${method === 'get' ? 'read' : 'write'}`);
  const machines = SCOPES.filter((scope) => !peopleOnly && scopes.includes(scope));
  return [...people, ...machines.map((scope) => ({ apiKey: [scope] }))];
}

function versionOfPackage(): string {
  return (JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string }).version;
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
