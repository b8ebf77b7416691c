import { StartupError } from "../server/platform/startupError.ts";
import { BackupError } from "../server/postgres/backup/backupError.ts";

/** Runs a command of the operator: what it cannot do is one line on stderr, and exit code 1. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof BackupError || error instanceof StartupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
