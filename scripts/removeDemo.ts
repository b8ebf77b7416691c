// `npm run demo:remove`: for the person at the terminal who turns a demo into an installation for others.
import { parseArgs } from "node:util";
import { describeRemoval } from "../server/demo/describeRemoval.ts";
import { type Removal, removeDemoData } from "../server/demo/removeDemoData.ts";
import { readPlace } from "../server/platform/config.ts";
import { StartupError } from "../server/platform/startupError.ts";
import { withDatabase } from "../server/postgres/backup/places.ts";
import { migrate } from "../server/postgres/migrate.ts";
import { runCommand } from "./runCommand.ts";

const usage =
  "npm run demo:remove [-- --with-bookings-of-others]   removes the demo people and all that is theirs";

function readArguments(): { "with-bookings-of-others"?: boolean } {
  try {
    return parseArgs({ options: { "with-bookings-of-others": { type: "boolean" } } }).values;
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n\n${usage}`);
  }
}

async function main(): Promise<void> {
  const { "with-bookings-of-others": withBookingsOfOthers = false } = readArguments();
  const removal = await withDatabase(readPlace(process.env), async (owner): Promise<Removal> => {
    // A database that the app has never started on is not ours to fill with tables.
    const { rowCount } = await owner.query(
      "select from pg_class where oid = to_regclass('private.schema_migrations')",
    );
    if (rowCount === 0) return { is: "absent" };
    await migrate(owner);
    return removeDemoData(owner, { withBookingsOfOthers });
  });
  if (removal.is === "refused") throw new StartupError(describeRemoval(removal));
  process.stdout.write(`${describeRemoval(removal)}\n`);
}

await runCommand(main);
