/** The text of an element as tsdav has it, which turns what looks like a number into one. */
export function textOf(value: unknown): string | null {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object" || value === null) return null;
  if ("_cdata" in value) return textOf(value._cdata);
  return "_text" in value ? textOf(value._text) : null;
}
