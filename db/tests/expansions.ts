/**
 * What an older version that still serves could stumble over, by the kind of statement. A migration only adds, and a later
 * version removes what no version in use reads or writes any more (expand and contract).
 */
const contractions: readonly [what: string, pattern: RegExp][] = [
  ["drops", /\bdrop\s+(table|column|view|schema|type|domain)\b/i],
  ["renames", /\brename\s+(to|column|constraint)\b|\brename\s+\w+\s+to\b/i],
  ["changes a type", /\balter\s+(column\s+)?\w+\s+(set\s+data\s+)?type\b/i],
  [
    "requires a value",
    /\bset\s+not\s+null\b|\badd\s+(column\s+)?(?!constraint)\w+\s+(?![^,;]*\bdefault\b)[^,;]*\bnot\s+null\b/i,
  ],
  ["takes a default away", /\bdrop\s+default\b/i],
  [
    "checks what is there",
    /\badd\s+(constraint\s+\w+\s+)?(check|foreign\s+key|exclude|unique|primary\s+key)\b(?![^;]*\bnot\s+valid\b)/i,
  ],
];

/** A first line like this says that all processes are stopped before; the CHANGELOG says so, too. */
const stopsAll = /^-- Stops all processes: \S/;

/** Returns what in a migration an older version could not serve beside. */
export function contractionsIn(sql: string): string[] {
  if (stopsAll.test(sql)) return [];
  return sql
    .replaceAll(/--.*$/gm, "")
    .split(";")
    .flatMap((statement) =>
      /^\s*(create|comment|insert|update|do)\b/i.test(statement)
        ? []
        : contractions
            .filter(([, pattern]) => pattern.test(statement))
            .map(([what]) => `${what}: ${statement.trim()}`),
    );
}
