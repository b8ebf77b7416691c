import { start } from "./start.ts";
import { StartupError } from "./startupError.ts";

try {
  await start(process.env);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`MatePeak did not start: ${error.message}\n`);
  process.exit(1);
}
