// `npm run migrate`: applies what the database lacks before processes start that may not (MIGRATE=off).
import { readPlace } from "../server/platform/config.ts";
import { StartupError } from "../server/platform/startupError.ts";
import { prepareGivenDatabase } from "../server/postgres/prepareDatabase.ts";
import { runCommand } from "./runCommand.ts";

async function main(): Promise<void> {
  const { ownerUrl } = readPlace(process.env);
  if (!ownerUrl) {
    throw new StartupError("DATABASE_URL must be set: npm start migrates its own database itself.");
  }
  await prepareGivenDatabase(ownerUrl, async (_owner, applied) => {
    for (const name of applied) process.stdout.write(`${name}\n`);
    process.stdout.write(
      applied.length === 0 ? "The database lacked nothing.\n" : "The database is migrated.\n",
    );
  });
}

await runCommand(main);
