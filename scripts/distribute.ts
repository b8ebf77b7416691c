// `npm run distribute`: for the operator who moves to many machines, or wants to know whether the schema still could.
import { parseArgs } from "node:util";
import type { Client } from "pg";
import { readPlace } from "../server/platform/config.ts";
import { StartupError } from "../server/platform/startupError.ts";
import { withClient, withDatabase } from "../server/postgres/backup/places.ts";
import { checkDistribution, describeRefusals, distribute } from "../server/postgres/distribute/distribute.ts";
import { runCommand } from "./runCommand.ts";

const usage = `npm run distribute -- --check [<url>]            tells which tables could not be distributed, and why; changes nothing
npm run distribute -- <url> [--shards <number>]  distributes the database of a Citus coordinator, for good: back it up first`;

const print = (line: string) => process.stdout.write(`${line}\n`);

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { check: { type: "boolean" }, shards: { type: "string" } },
    });
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n\n${usage}`);
  }
}

async function main(): Promise<void> {
  const { positionals, values } = readArguments();
  const [url, ...more] = positionals;
  const shards = Number(values.shards ?? 32);
  if (more.length > 0 || !(Number.isInteger(shards) && shards > 0)) throw new StartupError(usage);
  if (values.check) return url ? withClient(url, check) : withDatabase(readPlace(process.env), check);
  // Not the one of the environment: nothing leads back, so it is named.
  if (!url) throw new StartupError(usage);
  await withClient(url, (client) => distribute(client, { shards, log: ({ what }) => print(what) }));
  print("The database is distributed.");
}

async function check(client: Client): Promise<void> {
  const { tables, refusals } = await checkDistribution(client);
  print(
    `${tables} tables, ${new Set(refusals.map(({ table }) => table)).size} that could not be distributed`,
  );
  if (refusals.length === 0) return;
  print(describeRefusals(refusals));
  process.exitCode = 1;
}

await runCommand(main);
