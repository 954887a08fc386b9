import ts from 'typescript';
import { REFUSALS } from '../modules/kernel/refusal';
import { UNIT_CODE } from '../modules/kernel/units';
import { commentOf, isOurs } from './source';

/** A JSON schema, as far as these files write one. */
export type Schema = { readonly [keyword: string]: unknown };

/** What the name of a field says about it everywhere in the program. */
const BY_NAME: readonly (readonly [RegExp, Schema])[] = [
  [/Minor$/, { type: 'integer', description: 'Minor units of the currency.' }],
  [/Bps$/, { type: 'integer', description: 'Basis points: 1250 is 12.5 %.' }],
  [
    /^(currency|unit)$/,
    {
      type: 'string',
      pattern: UNIT_CODE.source,
      description: "A currency of ISO 4217, or a unit of the program's own such as points.",
    },
  ],
  [/^(partner|sponsor|(terms|plan)?[vV]ersion|withdrawal)Id$/, { type: 'string', format: 'uuid' }],
];

/** What is called otherwise outside. */
const CALLED: Readonly<Record<string, string>> = { Balance: 'Wallet', PartnerTreeRow: 'PartnerTreeRow' };

/** Turns the types of answers and bodies into JSON schemas; what has a name in the sources has it in the document. */
export class Schemas {
  /** Named schemas that something refers to, by name. */
  readonly named = new Map<string, Schema>();
  private readonly owners = new Map<string, ts.Type>();

  /**
   * @param bodies schemas of the classes that requests are checked against, with the limits of their fields
   */
  constructor(
    private readonly checker: ts.TypeChecker,
    private readonly bodies: Readonly<Record<string, Schema>>,
  ) {}

  /** The schema of a type; of what a promise of it comes to. Undefined for nothing at all. */
  of(type: ts.Type): Schema | undefined {
    const settled = this.checker.getAwaitedType(type) ?? type;
    if (settled.flags & (ts.TypeFlags.Void | ts.TypeFlags.Never)) return undefined;
    return this.schema(settled);
  }

  /** Every class of bodies a schema was asked for is named, and so are those within it. */
  body(name: string): Schema {
    const schema = this.rulesOf(name);
    if (!this.named.has(name)) {
      this.named.set(name, schema);
      for (const [, inner] of JSON.stringify(schema).matchAll(/#\/components\/schemas\/(\w+)/g)) this.body(inner!);
    }
    return reference(name);
  }

  /** What a class of bodies or queries asks for. */
  rulesOf(name: string): Schema {
    const schema = this.bodies[name];
    if (!schema) throw new Error(`${name} has no rules of class-validator.`);
    return schema;
  }

  private schema(type: ts.Type): Schema {
    if (type.isUnion()) return this.union(type);
    if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
    const { flags } = type;
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: this.checker.typeToString(type) === 'true' };
    if (flags & ts.TypeFlags.StringLike) return { type: 'string' };
    // Every number the program answers is a whole one: minor units, basis points, levels, counts.
    if (flags & ts.TypeFlags.NumberLike) return { type: 'integer' };
    if (flags & ts.TypeFlags.Null) return { type: 'null' };
    if (flags & ts.TypeFlags.NonPrimitive) return { type: 'object' };
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) return this.object(type);
    if (flags & ts.TypeFlags.Never) return {}; // the elements of an empty list
    throw new Error(`No schema for ${this.checker.typeToString(type)}.`);
  }

  private union(type: ts.UnionType): Schema {
    const members = type.types.filter(({ flags }) => !(flags & ts.TypeFlags.Undefined));
    const schemas = members.filter(({ flags }) => !(flags & ts.TypeFlags.Null));
    const nullable = schemas.length < members.length;
    const isBoolean = schemas.length === 2 && schemas.every(({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
    if (isBoolean) return orNull({ type: 'boolean' }, nullable);
    if (schemas.every((one) => one.isStringLiteral())) {
      return orNull(this.choice(schemas.map(({ value }) => String(value))), nullable);
    }
    const written = new Map(schemas.map((one) => this.schema(one)).map((one) => [JSON.stringify(one), one]));
    const [only, ...others] = [...written.values()];
    if (others.length === 0) return orNull(only!, nullable);
    const merged = mergedObjects([...written.values()]);
    if (merged) return orNull(merged, nullable);
    return { anyOf: [...written.values(), ...(nullable ? [{ type: 'null' }] : [])] };
  }

  /** The compiler keeps the members of a choice in no order that lasts. */
  private choice(values: readonly string[]): Schema {
    const isCode = values.length === Object.keys(REFUSALS).length;
    if (isCode) this.named.set('RefusalCode', { enum: values.toSorted() });
    return isCode ? reference('RefusalCode') : { enum: values.toSorted() };
  }

  private object(type: ts.Type): Schema {
    const { checker } = this;
    const symbol = type.getSymbol();
    if (symbol?.name === 'Date') return { type: 'string', format: 'date-time' };
    if (checker.isArrayType(type) || checker.isTupleType(type)) {
      return { type: 'array', items: this.schema(checker.getIndexTypeOfType(type, ts.IndexKind.Number)!) };
    }
    if (symbol && this.bodies[symbol.name]) return this.body(symbol.name);
    const name = this.nameOf(type);
    if (name === undefined) return this.fields(type);
    const owner = this.owners.get(name);
    if (owner && owner !== type && !checker.isTypeAssignableTo(owner, type)) {
      throw new Error(`Two types would be called ${name}.`);
    }
    if (!owner) {
      this.owners.set(name, type);
      this.named.set(name, this.fields(type));
    }
    return reference(name);
  }

  private fields(type: ts.Type): Schema {
    const index = this.checker.getIndexTypeOfType(type, ts.IndexKind.String);
    if (index) return { type: 'object', additionalProperties: this.schema(index) };
    const properties = this.checker
      .getPropertiesOfType(type)
      .map((symbol) => [symbol, this.checker.getTypeOfSymbol(symbol)] as const)
      .filter(([, own]) => own.getCallSignatures().length === 0 && !isNothing(own))
      .toSorted(([a], [b]) => (a.name < b.name ? -1 : 1));
    const required = properties.filter(([{ flags }, own]) => !(flags & ts.SymbolFlags.Optional) && !isOptional(own));
    return {
      type: 'object',
      properties: Object.fromEntries(
        properties.map(([symbol, own]) => [symbol.name, this.field(symbol.name, own, commentOf(symbol, this.checker))]),
      ),
      ...(required.length > 0 && { required: required.map(([{ name }]) => name) }),
    };
  }

  /** A field as its type and its name tell. */
  field(name: string, type: ts.Type, comment = ''): Schema {
    const schema = this.schema(type);
    const byName = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
    const fits = byName && [schema['type']].flat().includes(byName['type']);
    const rule = fits ? { ...byName, type: schema['type'] } : {};
    return { ...schema, ...rule, ...(comment && { description: comment }) };
  }

  /** `Withdrawal` of an interface or alias of that name, of a `WithdrawalRow`, and of what `withdrawalJson` answers. */
  private nameOf(type: ts.Type): string | undefined {
    const symbol = type.aliasSymbol ?? type.getSymbol();
    const declaration = symbol?.declarations?.[0];
    if (!declaration || !isOurs(declaration.getSourceFile().fileName)) return undefined;
    const isGeneric = (type.aliasTypeArguments ?? (type as ts.TypeReference).typeArguments ?? []).length > 0;
    if (isGeneric) return undefined;
    if (ts.isObjectLiteralExpression(declaration)) return nameOfAnswer(declaration);
    const isNamed = ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration);
    return isNamed || ts.isClassDeclaration(declaration)
      ? (CALLED[symbol.name] ?? symbol.name.replace(/Row$/, ''))
      : undefined;
  }
}

function nameOfAnswer(literal: ts.ObjectLiteralExpression): string | undefined {
  const { parent } = literal;
  if (!ts.isReturnStatement(parent) || !ts.isFunctionDeclaration(parent.parent.parent)) return undefined;
  const [, name] = /^(\w+)Json$/.exec(parent.parent.parent.name?.text ?? '') ?? [];
  return name && name[0]!.toUpperCase() + name.slice(1);
}

function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** Objects that differ only in which fields they have are one, with fields that may be missing. */
function mergedObjects(schemas: readonly Schema[]): Schema | undefined {
  const all = schemas.flatMap(({ properties }) => Object.entries((properties ?? {}) as Record<string, Schema>));
  const properties = Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const agree = all.every(([name, schema]) => JSON.stringify(schema) === JSON.stringify(properties[name]));
  if (!agree || schemas.some((schema) => !schema['properties'])) return undefined;
  const required = Object.keys(properties).filter((name) =>
    schemas.every((schema) => (schema['required'] as string[] | undefined)?.includes(name)),
  );
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

export function orNull(schema: Schema, nullable: boolean): Schema {
  if (!nullable) return schema;
  if (typeof schema['type'] === 'string') return { ...schema, type: [schema['type'], 'null'] };
  if (Array.isArray(schema['enum'])) return { enum: [...(schema['enum'] as unknown[]), null] };
  return { anyOf: [schema, { type: 'null' }] };
}

function isNothing(type: ts.Type): boolean {
  return (type.flags & ts.TypeFlags.Undefined) !== 0;
}

function isOptional(type: ts.Type): boolean {
  return type.isUnion() && type.types.some(isNothing);
}
