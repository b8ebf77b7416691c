import { generate, IdentifierNode, PostgresDialect } from "kysely-codegen";

/** The row types of the schema as TypeScript, for `types.gen.ts`. The accounts library and the queue have their own. */
export async function describeTypes(connectionString: string): Promise<string> {
  // As server/platform/database/database.ts parses what the driver hands over.
  const dialect = new PostgresDialect({ dateParser: "string", numericParser: "number" });
  dialect.adapter.scalars.date = new IdentifierNode("LocalDate");
  const db = await dialect.introspector.connect({ connectionString, dialect });
  try {
    return await generate({
      db,
      dialect,
      customImports: { LocalDate: "#scheduling/units.ts" },
      typeMapping: { int8: "number" },
      excludePattern: "{auth,graphile_worker}.*",
      outFile: null,
    });
  } finally {
    await db.destroy();
  }
}
