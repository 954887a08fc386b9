import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { NextFunction, Request, Response } from 'express';

type Node = { readonly [key: string]: unknown };

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly { readonly name?: string; readonly in?: string }[];
  readonly responses: Record<string, { readonly $ref?: string }>;
}

/** By method; or the place of the one that it is an alias of. */
type PathItem = { readonly $ref?: string } & {
  readonly [Method in 'get' | 'post' | 'put' | 'patch' | 'delete']?: Operation;
};

export interface ApiDocument {
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Record<string, PathItem>;
  readonly components: Record<string, Record<string, Node>>;
}

/** `openapi.json` as it is checked in. */
export const apiDocument = JSON.parse(readFileSync(join(__dirname, '../../openapi.json'), 'utf8')) as ApiDocument;

const ROOT = 'partner-program';
const validators = new Map<string, ValidateFunction>();
let ajv: Ajv2020 | undefined;

/** What is wrong with a value, by the schema at a place of the document: `#/components/schemas/Wallet`. */
export function faultsOf(pointer: string, value: unknown): string[] {
  ajv ??= addFormats(new Ajv2020({ strict: false, allErrors: true })).addSchema(closed(apiDocument) as Node, ROOT);
  const uri = pointer.replace(/[{}]/g, encodeURIComponent);
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `${ROOT}${uri}` });
  validators.set(pointer, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message} ${JSON.stringify(params)}`.trim(),
  );
}

/**
 * The document with no room for anything it does not name: a client may meet more fields one day, the program of
 * today answers none of which the document is silent.
 */
function closed(node: unknown, within?: 'allOf'): unknown {
  if (Array.isArray(node)) return node.map((item) => closed(item, within));
  if (typeof node !== 'object' || node === null) return node;
  const { properties, additionalProperties, allOf } = node as Node;
  const isOpen = typeof properties === 'object' && additionalProperties === undefined && within !== 'allOf';
  const entries = Object.entries(node).map(([key, value]) => [key, closed(value, key === 'allOf' ? key : undefined)]);
  return {
    ...Object.fromEntries(entries),
    ...(allOf !== undefined && { unevaluatedProperties: false }),
    ...(isOpen && !isProblem(node as Node) && { additionalProperties: false }),
  };
}

/** What all problems share is only a part of each. */
function isProblem({ description }: Node): boolean {
  return typeof description === 'string' && description.startsWith('RFC 9457');
}

const ADDRESSES = Object.keys(apiDocument.paths)
  .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\./g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`) }))
  .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length);

/** The place in the document that describes an operation; undefined for none. */
export function operationAt(
  method: string,
  url: string,
): { path: string; pointer: string; operation: Operation } | undefined {
  const path = ADDRESSES.find(({ pattern }) => pattern.test(url))?.path;
  if (path === undefined) return undefined;
  const { $ref } = apiDocument.paths[path]!;
  const pointer = $ref ?? `#/paths/${path.replace(/\//g, '~1')}`;
  const item = apiDocument.paths[pointer.slice('#/paths/'.length).replace(/~1/g, '/')]!;
  const operation = item[method.toLowerCase() as 'get'];
  return operation && { path, pointer: `${pointer}/${method.toLowerCase()}`, operation };
}

/** An answer that goes through Express as a whole; files are streams and do not. */
interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

/** What is wrong with an answer, by the document; nothing for addresses of which it is silent, and for pages. */
export function faultsOfAnswer(method: string, path: string, { status, type, body }: Answer): string[] {
  const described = operationAt(method, path);
  if (!described || type === 'text/html') return [];
  const { pointer, operation } = described;
  const key = String(status) in operation.responses ? String(status) : 'default';
  if (key === 'default' && status < 400) return [`${method} ${path} ${status} is not described`];
  const place = operation.responses[key]!.$ref ?? `${pointer}/responses/${key}`;
  const { content = {} } = nodeAt(place) as { content?: Node };
  const expected = Object.keys(content);
  const wrong = (fault: string) => `${method} ${described.path} ${status}: ${fault}`;
  if (type === '' && expected.length === 0) return [];
  if (!expected.includes(type)) return [wrong(`"${type}" instead of "${expected.join(' or ')}"`)];
  return type.endsWith('json') ? faultsOf(`${place}/content/${type.replace('/', '~1')}/schema`, body).map(wrong) : [];
}

function nodeAt(pointer: string): unknown {
  const keys = pointer.slice('#/'.length).split('/');
  return keys.reduce<unknown>((node, key) => (node as Node)[key.replace(/~1/g, '/')], apiDocument);
}

/** Holds every answer of an application against the document. @returns what is found wrong, as it is found */
export function describedAnswers(app: NestExpressApplication): ReadonlySet<string> {
  const faults = new Set<string>();
  app.use(({ method, originalUrl }: Request, response: Response, next: NextFunction) => {
    const send = response.send.bind(response);
    response.send = (body: unknown) => {
      const isWhole = body === undefined || typeof body === 'string';
      if (isWhole && method !== 'HEAD' && response.statusCode !== 304) {
        const type = body ? String(response.get('content-type')).split(';')[0]! : '';
        const answer = { status: response.statusCode, type, body: type.endsWith('json') ? JSON.parse(body!) : body };
        const [path = ''] = originalUrl.split('?');
        for (const fault of faultsOfAnswer(method, path, answer)) faults.add(fault);
      }
      return send(body);
    };
    next();
  });
  return faults;
}
