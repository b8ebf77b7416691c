// `npm run logins`: makes the logins of a pooler what the URLs of the configuration say.
import { parseArgs } from "node:util";
import { readPlace, readUrls } from "../server/platform/config.ts";
import { StartupError } from "../server/platform/startupError.ts";
import { withClient } from "../server/postgres/backup/places.ts";
import { loginStatements, loginsOf, openLogins } from "../server/postgres/openLogins.ts";
import { runCommand } from "./runCommand.ts";

const usage = `npm run logins              makes each URL's login what its purpose needs, with the URL's password
npm run logins -- --print   prints the statements instead; set the passwords yourself
The URLs are APP_URL, VISITORS_URL, ACCOUNTS_URL, QUEUE_URL and LISTEN_URL, and OWNER_URL or DATABASE_URL for the owner.`;

function readArguments(): { print?: boolean } {
  try {
    return parseArgs({ options: { print: { type: "boolean" } } }).values;
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n\n${usage}`);
  }
}

async function main(): Promise<void> {
  const { print } = readArguments();
  const [{ ownerUrl }, urls] = [readPlace(process.env), readUrls(process.env)];
  const logins = urls ? loginsOf(urls) : [];
  if (!ownerUrl || logins.length === 0)
    throw new StartupError(
      `No URL logs in as the role of its purpose (anon, matepeak_app, matepeak_auth, matepeak_jobs).\n\n${usage}`,
    );
  await withClient(ownerUrl, async (owner) => {
    if (print) {
      const database = owner.escapeIdentifier(owner.database ?? "");
      const statements = logins.flatMap((login) => loginStatements(login, database));
      process.stdout.write(`${statements.map((statement) => `${statement};`).join("\n")}\n`);
      return;
    }
    await openLogins(owner, logins);
    for (const { role, password } of logins)
      process.stdout.write(
        `${role} is a login of ${owner.database}${password ? "" : ", with the password it had"}.\n`,
      );
  });
}

await runCommand(main);
