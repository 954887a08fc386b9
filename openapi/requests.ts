import ts from 'typescript';
import type { Route } from './routes';
import type { Schema, Schemas } from './schemas';
import { decoratorOf } from './source';

/** What a handler reads of a request. */
export interface RequestShape {
  readonly parameters: readonly object[];
  readonly body: { readonly required: true; readonly content: Record<string, object> } | undefined;
  /** Whether it has a class that the address' query is checked against. */
  readonly hasQuery: boolean;
  /** Whether it tells what is left of a quota. */
  readonly isLimited: boolean;
  /** Who is let in by a parameter, on a route that is open to anyone: any of these suffices. */
  readonly letsIn: readonly object[] | undefined;
}

/** By the decorator of a parameter. */
const LETS_IN = new Map([
  ['MyAccount()', [{ ownSession: [] }]],
  ['MyMembership()', [{ crmSession: [] }, { ownSession: [] }]],
  [`Headers('authorization')`, [{ metricsToken: [] }]],
]);

/** Reads the parameters of a handler as Nest fills them. */
export function readRequest({ paths }: Route, handler: ts.MethodDeclaration, schemas: Schemas): RequestShape {
  const decorated = handler.parameters.flatMap((parameter) => {
    const decorator = decoratorOf(parameter);
    return decorator ? [{ ...decorator, type: parameter.type?.getText() ?? '', defaults: defaultsIn(parameter) }] : [];
  });
  const named = (name: string) => decorated.filter((one) => one.name === name);
  const [body] = named('Body');
  const [file] = named('UploadedFile');
  const queries = named('Query').flatMap(({ args: [argument], type, defaults }) =>
    argument
      ? [textParameter('query', textOf(argument), { type: 'string' })]
      : queryParameters(schemas, type, defaults),
  );
  const ids = named('Param')
    .filter(({ args: [, pipe] }) => pipe?.getText() === 'ParseUUIDPipe')
    .map(({ args: [argument] }) => textOf(argument!));
  const path = [...paths[0].matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    ...textParameter('path', name, { type: 'string', ...(ids.includes(name) && { format: 'uuid' }) }),
    required: true,
  }));
  return {
    parameters: [
      ...path,
      ...queries,
      ...(decorated.some(({ text }) => text === "Headers('if-match')") ? [reference('IfMatch')] : []),
      ...(named('Repeatable').length > 0 ? [reference('IdempotencyKey')] : []),
      reference('AcceptLanguage'),
    ],
    body: body && { required: true, content: file ? multipart(schemas, body.type) : json(schemas, body.type) },
    hasQuery: named('Query').some(({ args }) => args.length === 0),
    isLimited: (ts.getDecorators(handler) ?? []).some(({ expression }) => /^RateLimited\(/.test(expression.getText())),
    letsIn: [...LETS_IN].find(([decorator]) => decorated.some(({ text }) => text === decorator))?.[1],
  };
}

function queryParameters(schemas: Schemas, className: string, defaults: Record<string, unknown>): object[] {
  const { properties, required = [] } = schemas.rulesOf(className) as {
    properties: Record<string, Schema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...textParameter('query', name, { ...schema, ...(name in defaults && { default: defaults[name] }) }),
    ...(required.includes(name) && { required: true }),
    ...(description !== undefined && { description }),
    ...(schema['type'] === 'array' && { style: 'form', explode: false }),
  }));
}

/** What a handler takes where nothing is given: `{ limit = 25 }`. */
function defaultsIn({ name }: ts.ParameterDeclaration): Record<string, unknown> {
  if (!ts.isObjectBindingPattern(name)) return {};
  const literals = name.elements.flatMap(({ name: field, initializer }) => {
    if (!initializer) return [];
    if (ts.isNumericLiteral(initializer)) return [[field.getText(), Number(initializer.text)]];
    return ts.isStringLiteral(initializer) ? [[field.getText(), initializer.text]] : [];
  });
  return Object.fromEntries(literals) as Record<string, unknown>;
}

function textParameter(place: 'path' | 'query', name: string, schema: Schema) {
  return { name, in: place, schema };
}

function json(schemas: Schemas, type: string): Record<string, object> {
  const [, name = '', list] = /^(\w+)(\[\])?$/.exec(type)!;
  const schema = schemas.body(name);
  return { 'application/json': { schema: list ? { type: 'array', items: schema } : schema } };
}

/** In a form everything is text, and the file is called `file`. */
function multipart(schemas: Schemas, type: string): Record<string, object> {
  const { properties, required = [] } = schemas.rulesOf(type) as { properties: object; required?: string[] };
  const file = { type: 'string', contentMediaType: 'application/octet-stream' };
  return {
    'multipart/form-data': {
      schema: { type: 'object', properties: { file, ...properties }, required: ['file', ...required] },
    },
  };
}

function textOf(argument: ts.Expression): string {
  return ts.isStringLiteralLike(argument) ? argument.text : argument.getText();
}

function reference(name: string): object {
  return { $ref: `#/components/parameters/${name}` };
}
