import pg from "pg";
import { StartupError } from "../startupError.ts";

/** Which of several servers a URL means, as libpq says it in `target_session_attrs`. */
type Wanted = "any" | "primary" | "standby" | "prefer-standby";

const wantedBy: Record<string, Wanted> = {
  any: "any",
  "read-write": "primary",
  primary: "primary",
  "read-only": "standby",
  standby: "standby",
  "prefer-standby": "prefer-standby",
};

/** Scheme and login, hosts, and what comes behind them. */
const form = /^(postgres(?:ql)?:\/\/(?:.*@)?)([^@/?#]*)([/?#].*)?$/;

/** The server has another part than the URL asks for: another one is tried, as if this one could not be reached. */
class WrongServer extends Error {
  override name = "WrongServer";
  /** Of PostgreSQL: the connection cannot be established. */
  readonly code = "08001";
}

/**
 * The servers of a URL, which may name several hosts: `postgres://a:5432,b:5433/db?target_session_attrs=read-write`.
 * They are tried in turn as connections are opened, so that a fail-over needs no restart. With several hosts and nothing
 * else said, the primary is meant, or a standby where the URL is that of a replica.
 */
export interface Servers {
  /** How many there are. */
  readonly count: number;
  /** The URL of the one to connect to now. */
  readonly url: string;
  /** From now on the next one is tried, unless that has been decided already. @param url of the one that has failed */
  leave(url: string): void;
  /** @throws WrongServer unless the server that has answered is one that the URL means */
  accept(isStandby: boolean): void;
}

/** How a URL must look, behind its name. */
export const urlForm =
  "must look like postgres://user:password@host/database, percent-encoded and without options";

/**
 * @param several which of several hosts is meant if the URL does not say it
 * @throws StartupError if the URL is not one of PostgreSQL
 */
export function openServers(given: string, several: Wanted = "primary"): Servers {
  const urls = readUrls(given, several);
  if (!urls) throw new StartupError(`A URL of the database ${urlForm}.`);
  const { wanted, hosts } = urls;
  const [first = ""] = hosts;
  let at = 0;
  /** In turn, since one was accepted. */
  let failed = 0;
  const url = () => hosts[at] ?? first;
  return {
    count: hosts.length,
    get url() {
      return url();
    },
    leave: (left) => {
      if (left !== url()) return;
      at = (at + 1) % hosts.length;
      failed += 1;
    },
    accept: (isStandby) => {
      const isWanted =
        wanted === "any" ||
        isStandby === (wanted !== "primary") ||
        (wanted === "prefer-standby" && failed >= hosts.length);
      if (!isWanted)
        throw new WrongServer(isStandby ? "a standby, not a primary" : "a primary, not a standby");
      failed = 0;
    },
  };
}

/** Whether openServers() accepts the URL. */
export function isDatabaseUrl(given: string): boolean {
  return readUrls(given) !== undefined;
}

/** The name that a URL logs in with. */
export function loginOf(given: string): string {
  return decodeURIComponent(new URL(openServers(given).url).username);
}

/** The password in a URL, if there is one. */
export function passwordOf(given: string): string | undefined {
  return decodeURIComponent(new URL(openServers(given).url).password) || undefined;
}

function readUrls(
  given: string,
  several: Wanted = "primary",
): { wanted: Wanted; hosts: string[] } | undefined {
  const [, before = "", list, behind = ""] = form.exec(given) ?? [];
  const hosts = list?.split(",") ?? [];
  const urls = hosts.map((host) => URL.parse(`${before}${host}${behind}`));
  const attribute = "target_session_attrs";
  const asked = urls[0]?.searchParams.get(attribute);
  const wanted = asked ? wantedBy[asked] : hosts.length > 1 ? several : "any";
  if (wanted === undefined || (hosts.length > 1 && hosts.includes(""))) return undefined;
  // No pooler passes options on: what they set would hold on some connections only.
  if (urls.some((url) => url && (url.searchParams.has("options") || !isDecodable(url)))) return undefined;
  const complete = urls.flatMap((url) => {
    url?.searchParams.delete(attribute);
    return url ? [url.href] : [];
  });
  return complete.length === hosts.length && complete.length > 0 ? { wanted, hosts: complete } : undefined;
}

/** Whether login and database can be read: a bare `%` of a password cannot. */
function isDecodable({ username, password, pathname }: URL): boolean {
  try {
    decodeURIComponent(`${username}${password}${pathname}`);
    return true;
  } catch {
    return false;
  }
}

/** Whether another server may do what this one has refused. A wrong password is wrong everywhere. */
export function mayBeElsewhere(error: unknown): boolean {
  if (error instanceof StartupError) return false;
  return !(error instanceof pg.DatabaseError && /^(28|3D)/.test(error.code ?? ""));
}

/**
 * Opens a connection to the first of the servers that `check` accepts. The caller closes it.
 * @throws the error of the last server
 */
export async function connectTo(
  servers: Servers,
  config: Omit<pg.ClientConfig, "connectionString">,
  check: (client: pg.Client) => Promise<void>,
): Promise<pg.Client> {
  for (let tries = 1; ; tries++) {
    const { url } = servers;
    const client = new pg.Client({ ...config, connectionString: url });
    // A lost connection is reported by the query that was waiting.
    client.on("error", () => undefined);
    try {
      await client.connect();
      await check(client);
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (!mayBeElsewhere(error)) throw error;
      servers.leave(url);
      if (tries >= triesOf(servers)) throw error;
    }
  }
}

/** Each server once; a second round is for those that would rather have a standby. */
export function triesOf({ count }: Pick<Servers, "count">): number {
  return count > 1 ? count * 2 : 1;
}
