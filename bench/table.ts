/** Tables in Markdown that can also be read in a terminal. */

export type Cell = string | number;

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const text = [head, ...rows].map((row) =>
    row.map((cell) => (typeof cell === "number" ? figure(cell) : cell)),
  );
  const widths = head.map((_, column) => Math.max(...text.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(text[0]!), rule, ...text.slice(1).map(line)].join("\n");
}

/** Three significant digits, thousands apart. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const rounded = value === 0 ? 0 : Number(value.toPrecision(3));
  return rounded.toLocaleString("en", {
    maximumFractionDigits: 20,
    useGrouping: Math.abs(rounded) >= 10_000,
  });
}

export function ratio(value: number): string {
  return `${value < 10 ? value.toFixed(2) : figure(value)} ×`;
}

export function microseconds(value: number): string {
  return value < 1000 ? `${figure(value)} µs` : `${figure(value / 1000)} ms`;
}
