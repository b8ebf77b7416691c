// `npm run partition`: for the operator whose bookings have outgrown tables in one piece.
import { parseArgs } from "node:util";
import { readPlace } from "../server/platform/config.ts";
import { StartupError } from "../server/platform/startupError.ts";
import { withDatabase } from "../server/postgres/backup/places.ts";
import { partition } from "../server/postgres/partition/partition.ts";
import { runCommand } from "./runCommand.ts";

const usage =
  "npm run partition [-- --parts <number>]   divides bookings, their times, history and messages, for good, or adds months: back up and stop the app first";

function readParts(): number {
  try {
    const { values } = parseArgs({ options: { parts: { type: "string" } } });
    const parts = Number(values.parts ?? 16);
    if (Number.isInteger(parts) && parts > 0) return parts;
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n\n${usage}`);
  }
  throw new StartupError(usage);
}

async function main(): Promise<void> {
  const parts = readParts();
  const { partitions, rows, dropped } = await withDatabase(readPlace(process.env), (owner) =>
    partition(owner, { parts }),
  );
  const counts = Object.entries(rows).map(([table, n]) => `${n} of ${table}`);
  process.stdout.write(`${partitions} partitions with ${counts.join(", ")}\n`);
  for (const name of dropped) process.stdout.write(`no longer checked by PostgreSQL: ${name}\n`);
}

await runCommand(main);
