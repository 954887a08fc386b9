import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { REFUSALS, type RefusalCode } from '../../modules/kernel/refusal';
import { describeProgram } from '../../openapi/document';
import { EXAMPLES } from '../../openapi/examples';
import { routesOf } from '../abuse/routes';
import { bootApp } from '../support/app';
import { apiDocument, faultsOf, type Operation, operationAt } from '../support/described';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

interface Described {
  readonly where: string;
  readonly path: string;
  readonly operation: Operation;
}

/** Every operation at its main address. */
const operations: Described[] = Object.entries(apiDocument.paths).flatMap(([path, item]) =>
  METHODS.filter((method) => item[method]).map((method) => ({
    where: `${method.toUpperCase()} ${path}`,
    path,
    operation: item[method]!,
  })),
);

describe('openapi.json', () => {
  it('is what `npm run openapi` writes', () => {
    expect(apiDocument).toEqual(JSON.parse(JSON.stringify(describeProgram())));
  }, 120_000);

  it('is served to anyone, and has every route of the running application and no other', async () => {
    const app = await bootApp();
    try {
      const reply = await app.anonymous().get('/partner-program/openapi.json').expect(200);
      expect(reply.headers['content-type']).toMatch('application/json');
      expect(reply.body).toEqual(apiDocument);
      const described = Object.keys(apiDocument.paths).flatMap((path) =>
        METHODS.filter((method) => operationAt(method, path)).map(
          (method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
        ),
      );
      expect(described.toSorted()).toEqual(routesOf(app));
    } finally {
      await app.close();
    }
  });

  it('names every operation once, says what it does and where it belongs', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(ids).toEqual([...new Set(ids)]);
    for (const { where, operation } of operations) {
      expect([where, operation.operationId]).toEqual([where, expect.stringMatching(/^[a-z]+([A-Z][a-z]+)*$/)]);
      expect([where, operation.summary]).toEqual([where, expect.stringMatching(/^[A-Z`].+\.$/)]);
      const tags = apiDocument.tags.filter(({ description }) => description);
      expect(tags.map(({ name }) => name)).toEqual(expect.arrayContaining(operation.tags));
    }
  });

  it('gives every operation an answer for success and one for any problem, and every parameter of its path', () => {
    for (const { where, path, operation } of operations) {
      const statuses = Object.keys(operation.responses);
      expect([where, statuses]).toEqual([where, expect.arrayContaining([expect.stringMatching(/^2\d\d$/), 'default'])]);
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect([where, declared]).toEqual([where, inPath]);
    }
  });

  it('names every reason for a refusal, and one only where it has its status', () => {
    expect(apiDocument.components['schemas']!['ProblemCode']!['enum']).toEqual(
      expect.arrayContaining([...Object.keys(REFUSALS), 'INTERNAL', 'UNAVAILABLE']),
    );
    for (const { operation } of operations) {
      for (const [status, answer] of Object.entries(operation.responses)) {
        const [, codes = ''] = /"code":\{"enum":\[([^\]]*)\]/.exec(JSON.stringify(answer)) ?? [];
        for (const code of codes.match(/\w+/g) ?? [])
          expect([code, REFUSALS[code as RefusalCode]]).toEqual([code, Number(status)]);
      }
    }
  });

  it('refers to what is there, and has nothing that nobody refers to', () => {
    const text = JSON.stringify(apiDocument);
    const referred = new Set([...text.matchAll(/"#\/components\/(\w+\/\w+)"/g)].map(([, name]) => name));
    const there = ['schemas', 'responses', 'parameters', 'headers'].flatMap((kind) =>
      Object.keys(apiDocument.components[kind]!).map((name) => `${kind}/${name}`),
    );
    expect([...referred].toSorted()).toEqual(there.toSorted());
  });

  it('is made of schemas that JSON Schema 2020-12 knows', () => {
    const ajv = addFormats(new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }));
    ajv.addKeyword('components').addSchema({ $id: 'all', components: apiDocument.components });
    const references = JSON.stringify(apiDocument).replaceAll('"#/components/', '"all#/components/');
    for (const schema of schemasIn(JSON.parse(references))) expect(() => ajv.compile(schema as object)).not.toThrow();
  });

  it('has examples that hold', () => {
    const known = new Map(operations.map((described) => [described.operation.operationId, described]));
    for (const [id, { request, answer }] of Object.entries(EXAMPLES)) {
      const { pointer } = operationAt(...(known.get(id)!.where.split(' ') as [string, string]))!;
      const { responses } = known.get(id)!.operation;
      const done = Object.keys(responses).find((status) => status.startsWith('2'))!;
      const [media, place] = ['application~1json/schema', (part: string) => `${pointer}/${part}/content`];
      if (request) expect([id, faultsOf(`${place('requestBody')}/${media}`, request)]).toEqual([id, []]);
      if (answer) expect([id, faultsOf(`${place(`responses/${done}`)}/${media}`, answer)]).toEqual([id, []]);
    }
  });
});

/** Whatever stands under `schema`, anywhere. */
function schemasIn(node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => (key === 'schema' ? [value] : schemasIn(value)));
}
