import { makeZip } from "client-zip";
import type { EpochMs } from "#scheduling/units.ts";
import type { Database } from "../platform/database/database.ts";
import { byteOrderMark, csvLine } from "../platform/http/csv.ts";
import type { Identity } from "../platform/http/identity.ts";
import { type OwnRow, type OwnTable, ownTables, readOwnRows } from "./ownData.ts";

/** A table as CSV, in pieces: UTF-8 with a byte order mark, without which spreadsheets guess the encoding. */
async function* tableAsCsv(first: OwnRow[], rest: AsyncGenerator<OwnRow[]>): AsyncGenerator<Uint8Array> {
  const columns = Object.keys(first[0] ?? {});
  const linesOf = (rows: OwnRow[]) =>
    rows.map((row) => csvLine(columns.map((column) => row[column]))).join("");
  const encoder = new TextEncoder();
  yield encoder.encode(byteOrderMark + csvLine(columns) + linesOf(first));
  for await (const rows of rest) yield encoder.encode(linesOf(rows));
}

/** The download as a ZIP archive with a CSV file of each table that has rows. */
export function ownDataAsCsv(
  database: Database,
  caller: Pick<Identity, "id">,
  now: EpochMs,
): ReadableStream<Uint8Array> {
  async function* files() {
    for (const table of ownTables) {
      const pages = readOwnRows(database, caller, table);
      const { value: first, done } = await pages.next();
      if (done) continue;
      yield { name: fileOf(table), lastModified: new Date(now), input: tableAsCsv(first, pages) };
    }
  }
  return makeZip(files());
}

function fileOf(table: OwnTable): string {
  return `${table}.csv`;
}
