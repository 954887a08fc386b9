import 'reflect-metadata';
import { RequestMethod, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { PartnerProgramModule } from '../modules';
import { Audience } from '../modules/platform/web/access/access.guard';
import { PageOptions } from '../modules/platform/web/pages/page-options';
import { PeopleGuard } from '../modules/platform/web/access/people.guard';

/** One handler with every address at which it answers. */
export interface Route {
  readonly controller: string;
  readonly handler: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As OpenAPI writes them: `/partner-program/partners/{id}`; the first one is the main one. */
  readonly paths: readonly [string, ...string[]];
  readonly audience: Audience;
  /** No machine, whatever its key is good for. */
  readonly peopleOnly: boolean;
  /** Of an answer that is no problem. */
  readonly status: number;
  /** Whether a browser gets a page. */
  readonly hasPage: boolean;
}

const reflector = new Reflector();

/** Every route of the program, from the metadata that Nest serves them by. */
export function readRoutes(): Route[] {
  return [...controllersBelow(PartnerProgramModule)].flatMap((controller) => {
    const prototype = controller.prototype as Record<string, (...args: never[]) => unknown>;
    return Object.getOwnPropertyNames(prototype)
      .filter((name) => Reflect.hasMetadata('method', prototype[name]!))
      .map((name) => routeOf(controller, name, prototype[name]!));
  });
}

function controllersBelow(module: Type, seen = new Set<Type>()): Set<Type> {
  if (seen.has(module)) return new Set();
  seen.add(module);
  const imported = metadata<unknown[]>('imports', module) ?? [];
  return new Set([
    ...(metadata<Type[]>('controllers', module) ?? []),
    ...imported
      .filter((one): one is Type => typeof one === 'function')
      .flatMap((one) => [...controllersBelow(one, seen)]),
  ]);
}

function routeOf(controller: Type, name: string, handler: (...args: never[]) => unknown): Route {
  const method = RequestMethod[metadata<number>('method', handler)!]!.toLowerCase() as Route['method'];
  const prefix = metadata<string>('path', controller)!;
  const [first = '', ...others] = [metadata<string | string[]>('path', handler)!].flat();
  const address = (path: string) =>
    `/${prefix}/${path}`
      .replace(/\/+/g, '/')
      .replace(/(?<=.)\/$/, '')
      .replace(/:(\w+)/g, '{$1}');
  return {
    controller: controller.name,
    handler: name,
    method,
    paths: [address(first), ...others.map(address)],
    audience: reflector.getAllAndOverride(Audience, [handler, controller]) ?? ['self'],
    peopleOnly: (metadata<unknown[]>('__guards__', controller) ?? []).includes(PeopleGuard),
    status: metadata<number>('__httpCode__', handler) ?? (method === 'post' ? 201 : 200),
    hasPage: (reflector.get(PageOptions, handler) as unknown) !== undefined,
  };
}

function metadata<T>(key: string, target: object): T | undefined {
  return Reflect.getMetadata(key, target) as T | undefined;
}
