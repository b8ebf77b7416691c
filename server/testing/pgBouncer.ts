import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findPgBouncers } from "../../scripts/findPgBouncer.mjs";
import { findHost } from "../postgres/host.ts";
import { freePort } from "./freePort.ts";

export type PoolMode = "session" | "transaction";

export interface PgBouncer {
  /** The same login and database, through the pooler. */
  urlOf(url: string): string;
  stop(): Promise<void>;
}

export const pgBouncerVersions = findPgBouncers();

/**
 * Runs a real PgBouncer in front of the server of these URLs, for their logins.
 * @param translatesNames whether clients are kept apart by names of its own for what they prepare, if it can
 * @param poolSize connections to the server of each login. In session mode each connection of a process has one; in transaction
 * mode so few that clients meet in them
 */
export async function startPgBouncer(
  { version, command }: (typeof pgBouncerVersions)[number],
  mode: PoolMode,
  urls: readonly string[],
  { translatesNames = true, poolSize = mode === "session" ? 40 : 4 } = {},
): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), "matepeak-pgbouncer-"));
  const port = await freePort("127.0.0.1");
  const logins = urls.map((url) => new URL(url));
  const quoted = ({ username, password }: URL) => `"${username}" "${decodeURIComponent(password)}"\n`;
  const settings = {
    listen_addr: "127.0.0.1",
    listen_port: port,
    unix_socket_dir: "",
    auth_type: "plain",
    auth_file: join(folder, "users.txt"),
    pool_mode: mode,
    default_pool_size: poolSize,
    max_client_conn: 200,
    // The last one handed back would nearly always be the next one handed out.
    server_round_robin: 1,
    // Older versions do not know it.
    ...(Number(version.split(".")[1]) < 21 ? {} : { max_prepared_statements: translatesNames ? 200 : 0 }),
  };
  writeFileSync(
    join(folder, "pgbouncer.ini"),
    [
      "[databases]",
      `* = host=127.0.0.1 port=${logins[0]?.port}`,
      "[pgbouncer]",
      ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
      "",
    ].join("\n"),
  );
  writeFileSync(settings.auth_file, logins.map(quoted).join(""));
  // It refuses to run as root, as PostgreSQL does.
  const { user } = await findHost();
  if (user)
    for (const path of ["", "pgbouncer.ini", "users.txt"]) chownSync(join(folder, path), user.uid, user.gid);
  const [program = "", ...args] = command;
  const child = spawn(program, [...args, join(folder, "pgbouncer.ini")], {
    stdio: ["ignore", "ignore", "pipe"],
    ...user,
  });
  let output = "";
  child.stderr.on("data", (chunk) => (output += chunk));
  await untilItListens(child, port, () => output);
  return {
    urlOf: (url) => Object.assign(new URL(url), { hostname: "127.0.0.1", port: String(port) }).href,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function untilItListens(child: ChildProcess, port: number, output: () => string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    if (tries === 200 || child.exitCode !== null) throw new Error(`PgBouncer does not listen: ${output()}`);
    await sleep(25);
  }
}
