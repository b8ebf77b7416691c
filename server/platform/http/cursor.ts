import { z } from "zod";
import { refuseField } from "../errors.ts";

/** Where a page ended: its last row's sort key and id. Opaque to clients. */
export function encodeCursor(key: string | number, id: string): string {
  return Buffer.from(JSON.stringify([key, id])).toString("base64url");
}

/**
 * SQL for an instant as text with all its microseconds, UTC, to be a cursor's key: JavaScript's dates cut them off, and a
 * page that goes on after less than its last row shows it again or leaves out others.
 */
export function exactInstant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** @throws Refusal `validation_failed` for anything that `encodeCursor` did not make. */
export function decodeCursor<Key extends string | number>(
  cursor: string | undefined,
  key: z.ZodType<Key>,
): { key: Key; id: string } | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [decodedKey, id] = z
      .tuple([key, z.uuid()])
      .parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return { key: decodedKey, id };
  } catch {
    throw refuseField("cursor", "This cursor is not one of ours.");
  }
}
