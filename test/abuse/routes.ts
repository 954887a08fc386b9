import type { TestApp } from '../support/app';

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

const OURS =
  /^\/(partner-program|rejestracja|zaproszenie|cadastro|convite|register|invitation|potwierdz-email|confirmar-email|confirm-email)(\/|$)/;

/** The program's routes as the running application knows them: `GET /partner-program/partners/:id`. */
export function routesOf(app: TestApp): string[] {
  const express = app.nest.getHttpAdapter().getInstance() as { router: { stack: readonly Layer[] } };
  return express.router.stack
    .flatMap(({ route }) =>
      route && OURS.test(route.path)
        ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`)
        : [],
    )
    .sort();
}
