/** CSV as spreadsheets and banks read it. */

/** Without it spreadsheets guess the encoding. */
export const byteOrderMark = "\uFEFF";

/**
 * A cell (RFC 4180). What a spreadsheet would run as a formula begins with an apostrophe: names and messages come from
 * other people (OWASP, "CSV injection").
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  const harmless = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** @returns the line with its end */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** The lines of a CSV text as cells, without empty lines. Quotes as in RFC 4180; any end of line. */
export function readCsv(text: string): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  const source = text.replace(/^\uFEFF/, "");
  while (cell.lastIndex < source.length) {
    const match = cell.exec(source);
    if (!match) throw new Error(`Not CSV in line ${lines.length + 1}`);
    const [, quoted, plain = "", end] = match;
    cells.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    if (cells.some((content) => content !== "")) lines.push(cells);
    cells = [];
  }
  if (cells.length > 0) lines.push([...cells, ""]);
  return lines;
}
