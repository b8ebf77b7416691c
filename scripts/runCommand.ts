import { DatabaseError } from "pg";
import { StartupError } from "../server/platform/startupError.ts";
import { BackupError } from "../server/postgres/backup/backupError.ts";

const insufficientPrivilege = "42501";

/** Runs a command of the operator: what it cannot do is one line on stderr, and exit code 1. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const isDenied = error instanceof DatabaseError && error.code === insufficientPrivilege;
    if (!(error instanceof BackupError || error instanceof StartupError || isDenied)) throw error;
    const hint = isDenied ? ": the login of OWNER_URL or DATABASE_URL must own the schema." : "";
    process.stderr.write(`${error.message}${hint}\n`);
    process.exitCode = 1;
  }
}
