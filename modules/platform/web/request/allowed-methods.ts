import type { Request } from 'express';
import { BASE } from './base';

/** A route as Express keeps it. */
interface Layer {
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods that the program answers at an address, `GET, HEAD, POST`; empty where it has nothing at all. */
export function allowedMethods({ app }: Request, path: string): string {
  const { stack } = (app as unknown as { router: { stack: readonly Layer[] } }).router;
  const methods = stack
    .filter(({ route }) => String(route?.path).startsWith(BASE))
    .filter((layer) => layer.match(path))
    .flatMap(({ route }) => Object.keys(route!.methods).map((method) => method.toUpperCase()));
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))]
    .toSorted()
    .join(', ');
}
