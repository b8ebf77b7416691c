// `npm run admin`: who is an administrator is decided at the terminal of the installation, and nowhere else.
import { parseArgs } from "node:util";
import {
  changeAdministrator,
  type Grant,
  listAdministrators,
} from "../server/administration/grantAdministrator.ts";
import { readPlace } from "../server/platform/config.ts";
import { StartupError } from "../server/platform/startupError.ts";
import { withDatabase } from "../server/postgres/backup/places.ts";
import { migrate } from "../server/postgres/migrate.ts";
import { runCommand } from "./runCommand.ts";

const usage = `npm run admin -- grant <address>    makes the account with this e-mail address an administrator
npm run admin -- revoke <address>   takes the role away
npm run admin -- list               lists the administrators`;

type Order = { verb: "list" } | { verb: "grant" | "revoke"; address: string };

function readOrder(): Order {
  try {
    const { positionals } = parseArgs({ allowPositionals: true, options: {} });
    const [verb, address, ...rest] = positionals;
    if (verb === "list" && address === undefined) return { verb };
    if ((verb === "grant" || verb === "revoke") && address?.includes("@") && rest.length === 0)
      return { verb, address };
  } catch {
    // An unknown option.
  }
  throw new StartupError(usage);
}

function describe(grant: Grant, address: string): string {
  switch (grant.is) {
    case "granted":
      return `${grant.name} is an administrator now. The console at /admin opens after signing in with two-factor.`;
    case "revoked":
      return `${grant.name} is no longer an administrator.`;
    case "unchanged":
      return `Nothing to do for ${grant.name}.`;
    case "unknown":
      throw new StartupError(`There is no account with the address ${address}. Sign up with it first.`);
    case "closed":
      throw new StartupError(`The account with the address ${address} is suspended or deleted.`);
    default:
      return grant satisfies never;
  }
}

async function main(): Promise<void> {
  const order = readOrder();
  await withDatabase(readPlace(process.env), async (owner) => {
    // A database that the app has never started on has no accounts.
    const { rowCount } = await owner.query(
      "select from pg_class where oid = to_regclass('private.schema_migrations')",
    );
    if (rowCount === 0)
      throw new StartupError("Start the app once, and sign up, before you name an administrator.");
    await migrate(owner);
    if (order.verb === "list") {
      const administrators = await listAdministrators(owner);
      const lines = administrators.map(
        ({ name, email, granted_at, two_factor }) =>
          `${email}\t${name}\tsince ${granted_at.toISOString()}\t${two_factor ? "two-factor on" : "two-factor not set up yet"}`,
      );
      process.stdout.write(`${lines.join("\n") || "There are no administrators."}\n`);
      return;
    }
    const grant = await changeAdministrator(owner, order.address, order.verb);
    process.stdout.write(`${describe(grant, order.address)}\n`);
  });
}

await runCommand(main);
