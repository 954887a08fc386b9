import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { freshDatabase, type FreshDatabase } from './support/database';

const root = join(__dirname, '..');

/** Every `*.entity.ts` and `*.entities.ts`: an entity that nobody registers must not escape. */
async function entityClasses(): Promise<(new () => object)[]> {
  const files = ['modules', 'src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.entit(y|ies)\.ts$/.test(file))
      .map((file) => join(root, folder, file)),
  );
  const exported = await Promise.all(files.map((file) => import(file) as Promise<Record<string, unknown>>));
  return exported
    .flatMap((file) => Object.values(file))
    .filter((value): value is new () => object => typeof value === 'function');
}

/** TypeORM looks up the expressions of generated columns in a table of its own, which our migrations do not make. */
async function writeDownGeneratedColumns(db: DataSource): Promise<void> {
  await db.query(
    'create table typeorm_metadata (type text, database text, schema text, "table" text, name text, value text)',
  );
  const generated = db.entityMetadatas.flatMap(({ columns }) => columns.filter(({ asExpression }) => asExpression));
  for (const { entityMetadata, databaseName, asExpression } of generated) {
    await db.query(`insert into typeorm_metadata values ('GENERATED_COLUMN', current_database(), $1, $2, $3, $4)`, [
      entityMetadata.schema,
      entityMetadata.tableName,
      databaseName,
      asExpression,
    ]);
  }
}

function defaults(db: DataSource): Promise<unknown[]> {
  return db.query(
    `select adrelid::regclass::text as "table", adnum, pg_get_expr(adbin, adrelid) from pg_attrdef order by 1, 2`,
  );
}

describe('the entities and the migrated database', () => {
  let database: FreshDatabase;
  let db: DataSource;

  beforeAll(async () => {
    database = await freshDatabase();
    const entities = await entityClasses();
    db = await new DataSource({ type: 'postgres', url: database.ownerUrl, entities }).initialize();
    await writeDownGeneratedColumns(db);
  });
  afterAll(async () => {
    await db.destroy();
    await database.drop();
  });

  it('agree on columns, types, defaults, keys, indexes and checks, by name', async () => {
    const { upQueries } = await db.driver.createSchemaBuilder().log();
    const statements = upQueries.map(({ query }) => query);
    const isDefault = (statement: string): boolean => / ALTER COLUMN \S+ SET DEFAULT /.test(statement);
    expect(statements.filter((statement) => !isDefault(statement))).toEqual([]);

    // PostgreSQL writes an expression in its own way: one that changes nothing when set again is no difference.
    const before = await defaults(db);
    for (const statement of statements.filter(isDefault)) await db.query(statement);
    expect(await defaults(db)).toEqual(before);
  });

  it('agree on which tables there are, and on the names of their primary keys', async () => {
    const keys = await db.query<{ name: string }[]>(
      `select conrelid::regclass || ' ' || conname as name from pg_constraint where contype = 'p'`,
    );
    const known = new Set(keys.map(({ name }) => name.replaceAll('"', '')));
    const ours = db.entityMetadatas.map(
      ({ tablePath, primaryColumns }) => `${tablePath} ${primaryColumns[0]?.primaryKeyConstraintName}`,
    );
    expect(ours.filter((name) => !known.has(name))).toEqual([]);
  });
});
