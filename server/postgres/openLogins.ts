import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import type pg from "pg";
import { type ConnectionRole, roleSettings } from "../platform/database/connections.ts";
import { type DatabaseUrls, sqlState } from "../platform/database/database.ts";
import { queueRole } from "../platform/database/queueRole.ts";
import { loginOf, passwordOf } from "../platform/database/servers.ts";
import { StartupError } from "../platform/startupError.ts";

const undefinedObject = "42704";

/** The role of each purpose. */
const roles: Record<keyof DatabaseUrls, ConnectionRole> = {
  url: "matepeak_app",
  visitorsUrl: "anon",
  replicaUrl: "anon",
  listenUrl: "anon",
  accountsUrl: "matepeak_auth",
  queueUrl: queueRole,
};

interface Login {
  role: ConnectionRole;
  /** undefined: the role keeps the one that it has. */
  password: string | undefined;
}

/**
 * The logins that these URLs name, as far as they are the roles of their purposes; other logins belong to the operator.
 * @throws StartupError if two URLs have one login with two passwords
 */
export function loginsOf(urls: DatabaseUrls): Login[] {
  const logins = new Map<ConnectionRole, Login>();
  for (const [purpose, role] of Object.entries(roles) as [keyof DatabaseUrls, ConnectionRole][]) {
    const url = urls[purpose];
    if (url === undefined || loginOf(url) !== role) continue;
    const password = passwordOf(url);
    const known = logins.get(role);
    if (known && known.password !== password)
      throw new StartupError(`The URLs that log in as ${role} have different passwords.`);
    logins.set(role, { role, password });
  }
  return [...logins.values()];
}

/**
 * What makes roles logins of this database that need no statement to be what they are. Running it again changes nothing but
 * what is different. The password is not in it.
 */
export function loginStatements({ role }: Login, database: string): string[] {
  return [
    `alter role ${role} login`,
    ...Object.entries(roleSettings[role]).map(
      ([name, value]) => `alter role ${role} in database ${database} set ${name} = '${value}'`,
    ),
  ];
}

/** Opens the logins. Passwords are sent as what PostgreSQL stores of them, so that no log of statements has them. */
export async function openLogins(owner: pg.Client, logins: readonly Login[]): Promise<void> {
  const { rows } = await owner.query<{ database: string; iterations: string | null }>(
    "select quote_ident(current_database()) as database, current_setting('scram_iterations', true) as iterations",
  );
  const [{ database = "", iterations = null } = {}] = rows;
  await owner.query("begin");
  try {
    for (const login of logins) {
      for (const statement of loginStatements(login, database)) await owner.query(statement);
      if (login.password !== undefined) {
        const verifier = scramVerifier(login.password, Number(iterations ?? 4096));
        await owner.query(`alter role ${login.role} password ${owner.escapeLiteral(verifier)}`);
      }
    }
    await owner.query("commit");
  } catch (error) {
    await owner.query("rollback");
    const hint = sqlState(error) === undefinedObject ? ": npm run migrate creates it" : "";
    throw new StartupError(`The logins could not be opened: ${(error as Error).message}${hint}`, {
      cause: error,
    });
  }
}

/** What PostgreSQL stores of a password (RFC 5803). */
function scramVerifier(password: string, iterations: number): string {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, iterations, 32, "sha256");
  const keyed = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(keyed("Client Key")).digest();
  const [saltText, storedText, serverText] = [salt, stored, keyed("Server Key")].map((bytes) =>
    bytes.toString("base64"),
  );
  return `SCRAM-SHA-256$${iterations}:${saltText}$${storedText}:${serverText}`;
}
