export type RecordValue = string | number | bigint | boolean | Date | null;

/**
 * Writes a value of a composite type as PostgreSQL reads it: https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX.
 * JSON is given as text.
 */
export function recordLiteral(values: readonly RecordValue[]): string {
  return `(${values.map(fieldOf).join(",")})`;
}

function fieldOf(value: RecordValue): string {
  if (value === null) return "";
  const text = value instanceof Date ? value.toISOString() : String(value);
  return `"${text.replace(/["\\]/g, "$&$&")}"`;
}
