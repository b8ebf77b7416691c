import { type Drill, passed } from "./drill.ts";
import { fingerprintOf } from "./manifest.ts";

/** The results of a drill, as Markdown tables that are readable in a terminal. */
export function describeDrill(found: Drill): string {
  const { manifest, checks, restoreSeconds } = found;
  const kept = fingerprintOf(manifest);
  const rows = Object.entries(kept.tables).map(([name, { rows: count, sums, checksum }]) => {
    const there = found.found.tables[name];
    const sum = (of: Record<string, string> = {}) => Object.values(of).join(", ") || "";
    const same = there?.rows === count && there.checksum === checksum && sum(there.sums) === sum(sums);
    return [
      name,
      `${count}`,
      `${there?.rows ?? "missing"}`,
      sum(sums),
      sum(there?.sums),
      same ? "same" : "DIFFERS",
    ];
  });
  const positions = Object.entries(kept.sequences).map(([name, { last_value }]) => {
    const there = found.found.sequences[name]?.last_value ?? "missing";
    return [name, last_value, there, there === last_value ? "same" : "DIFFERS"];
  });
  const bytes = manifest.tables.reduce((sum, table) => sum + table.bytes, 0);
  return [
    `Backup of ${manifest.made_at}, PostgreSQL ${manifest.server_version}, ${size(manifest.database_bytes)} in the database, ${size(bytes)} in the backup; restored in ${restoreSeconds.toFixed(1)} s.`,
    table(["table", "rows kept", "restored", "sums kept", "restored", "every row"], rows),
    table(["sequence", "kept", "restored", ""], positions),
    ...(checks.length > 0
      ? [
          table(
            ["check", "seen", ""],
            checks.map(({ what, seen, holds }) => [what, seen, holds ? "holds" : "BROKEN"]),
          ),
        ]
      : []),
    ...found.differences.map((line) => `DIFFERS: ${line}`),
    passed(found) ? "The backup can be relied on." : "The backup can NOT be relied on.",
  ].join("\n\n");
}

function size(bytes: number): string {
  return bytes < 2 ** 20 ? `${(bytes / 2 ** 10).toFixed(1)} kB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => (row[column] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)].join(
    "\n",
  );
}
