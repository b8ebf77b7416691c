import { z } from "zod";
import { fieldErrors } from "#words/fields.ts";
import { refuseField } from "../errors.ts";

/** Encodes where a page ended: the sort key and id of its last row. Opaque to clients. */
export function encodeCursor(key: string | number, id: string): string {
  return Buffer.from(JSON.stringify([key, id])).toString("base64url");
}

/**
 * SQL for an instant as UTC text with microseconds, to use as a cursor's key. JavaScript dates lose the microseconds, and
 * the next page would repeat or skip rows.
 */
export function exactInstant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** @throws Refusal `validation_failed` for anything that `encodeCursor` didn't produce */
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
    throw refuseField("cursor", fieldErrors.cursor);
  }
}
