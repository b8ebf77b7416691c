import type pg from "pg";

/**
 * Replaces a line of one of our functions in this database: the twin that shows what the line is for. Returns the function
 * that puts the old one back. @throws if the function does not contain the line exactly once
 */
export async function rewriteFunction(
  { owner }: { owner: pg.ClientBase },
  functionName: string,
  line: string,
  replacement: string,
): Promise<() => Promise<void>> {
  const { rows } = await owner.query<{ definition: string }>(
    "select pg_get_functiondef($1::regproc) as definition",
    [functionName],
  );
  const definition = rows[0]?.definition ?? "";
  if (definition.split(line).length !== 2) throw new Error(`${functionName} does not have "${line}" once.`);
  await owner.query(definition.replace(line, replacement));
  return async () => {
    await owner.query(definition);
  };
}

/** Does the work while a line of one of our functions is replaced. */
export async function whileRewritten<T>(
  db: { owner: pg.ClientBase },
  [functionName, line]: readonly [string, string],
  replacement: string,
  work: () => Promise<T>,
): Promise<T> {
  const restore = await rewriteFunction(db, functionName, line, replacement);
  try {
    return await work();
  } finally {
    await restore();
  }
}
