// `npm run supabase:check`: says what of a Supabase project is in order for MatePeak, and changes nothing.
import { parseArgs } from "node:util";
import { checkSupabase, type Finding } from "../server/auth/checkSupabase.ts";
import { readPlace, readSupabaseUrl } from "../server/platform/config.ts";
import { StartupError } from "../server/platform/startupError.ts";
import { runCommand } from "./runCommand.ts";

const usage = `npm run supabase:check -- <database URL>   of the project's role postgres; OWNER_URL or DATABASE_URL if left out
With SUPABASE_URL in the environment it also reads the keys that the project signs with.`;

const marks = { "in order": "ok   ", wrong: "WRONG", "to know": "note " } satisfies Record<
  Finding["is"],
  string
>;

function readUrl(): string {
  try {
    const { positionals } = parseArgs({ allowPositionals: true, options: {} });
    const [url = readPlace(process.env).ownerUrl, ...rest] = positionals;
    if (url && rest.length === 0) return url;
  } catch (error) {
    // An unknown option; its message may repeat a password.
    if (error instanceof StartupError) throw error;
  }
  throw new StartupError(usage);
}

await runCommand(async () => {
  const findings = await checkSupabase(readUrl(), readSupabaseUrl(process.env));
  for (const { is, text } of findings) process.stdout.write(`${marks[is]} ${text}\n`);
  if (findings.some(({ is }) => is === "wrong")) process.exitCode = 1;
});
