import { hash } from "node:crypto";

/** At most so many statements are prepared per role and connection: each costs the server some 50 kB there. */
export const maxNames = 400;
/** The same statement with lists of different lengths: so many lengths are prepared, the others are not. */
export const maxNamesOfOneShape = 4;

/** Returns the name under which PostgreSQL keeps a statement prepared; undefined for one that is planned each time. */
export type NameOf = (text: string) => string | undefined;

/**
 * Names statements by their text, so that PostgreSQL parses and plans each of them once per connection. The names are
 * bounded, because the texts of statements with a list of any length (`in ($1, $2)`, several rows of `values`) are not.
 */
export function openStatementNames(): NameOf {
  const names = new Map<string, string>();
  const namesOfShape = new Map<string, number>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined) return known;
    if (names.size >= maxNames) return undefined;
    const shape = shapeOf(text);
    const alike = namesOfShape.get(shape) ?? 0;
    if (alike >= maxNamesOfOneShape) return undefined;
    namesOfShape.set(shape, alike + 1);
    const name = hash("sha256", text, "base64url").slice(0, 22);
    names.set(text, name);
    return name;
  };
}

/** The text with each list of parameters as one parameter, and each list of such rows as one row. */
function shapeOf(text: string): string {
  return text
    .replace(/(?:\$\d+|\bdefault\b)(?:, (?:\$\d+|default\b))*/g, "$")
    .replace(/\(\$\)(?:, \(\$\))+/g, "($)");
}
