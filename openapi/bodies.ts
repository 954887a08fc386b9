import { defaultMetadataStorage } from 'class-transformer/cjs/storage';
import { IS_DATE, MAX, MIN, IS_TIMEZONE, NOT_EQUALS } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { orNull } from './schemas';
import type { Schema } from './schemas';
import type { Source } from './source';

/** Bodies and queries as they are checked: a schema for each class with rules of class-validator, by its name. */
export function readBodies(source: Source): Record<string, Schema> {
  const rules = validationMetadatasToSchemas({
    refPointerPrefix: '#/components/schemas/',
    classTransformerMetadataStorage: defaultMetadataStorage,
    additionalConverters: {
      [MIN]: ({ constraints }) => ({ minimum: limitOf(constraints) }),
      [MAX]: ({ constraints }) => ({ maximum: limitOf(constraints) }),
      [NOT_EQUALS]: ({ constraints }) => ({ not: { enum: [limitOf(constraints)] } }),
      [IS_DATE]: { type: 'string', format: 'date-time' },
      [IS_TIMEZONE]: { type: 'string' },
    },
  });
  return Object.fromEntries(
    Object.entries(rules).flatMap(([name, schema]) => {
      const fields = source.fieldsOf(name);
      const properties = schema.properties as Record<string, Schema> | undefined;
      return fields && properties ? [[name, bodySchema(fields, properties)]] : [];
    }),
  );
}

/** The rules say how far a field may go; the class says whether it must be there, may be null, and what it means. */
function bodySchema(fields: ReturnType<Source['fieldsOf']> & object, rules: Record<string, Schema>): Schema {
  const properties = fields.map(({ name, nullable, comment }) => {
    const schema = rules[name] ?? {};
    return [
      name,
      {
        ...(nullable ? orNull(schema, true) : schema),
        ...(comment && { description: comment }),
      },
    ] as const;
  });
  const required = fields.filter(({ optional }) => !optional).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

function limitOf(constraints: readonly unknown[]): number {
  return constraints[0] as number;
}
