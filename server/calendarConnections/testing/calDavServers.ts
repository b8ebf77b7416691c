import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findCalDavServer } from "../../../scripts/findCalDav.mjs";
import { freePort } from "../../testing/freePort.ts";

/** A real CalDAV server with a folder of its own. */
export interface CalDavServer {
  name: "radicale" | "xandikos";
  /** `host:port`, to be named as a host in the own network. */
  host: string;
  url: string;
  username: string;
  password: string;
  /** Creates a calendar and returns its address. */
  makeCalendar(name: string): Promise<string>;
  put(calendar: string, file: string, text: string): Promise<void>;
  /** Null: it is gone. */
  read(address: string): Promise<string | null>;
  remove(address: string): Promise<void>;
  setName(calendar: string, name: string): Promise<void>;
  /** Radicale only: it accepts this password and no other from now on. */
  setPassword(password: string): void;
  stop(): Promise<void>;
}

const startMs = 20_000;

export async function startCalDavServer(name: CalDavServer["name"]): Promise<CalDavServer> {
  const program = findCalDavServer(name);
  if (!program) throw new Error(`Install the package ${name}.`);
  const folder = mkdtempSync(join(tmpdir(), `matepeak-${name}-`));
  const port = await freePort("127.0.0.1");
  const host = `127.0.0.1:${port}`;
  const [username, password] = ["user", "correct horse"];
  const child = spawn(program, argumentsOf(name, { folder, port, username, password }), { stdio: "ignore" });
  const ended = once(child, "exit");
  const base = name === "radicale" ? `http://${host}/user/` : `http://${host}/user/calendars/`;

  const login = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` };
  async function send(method: string, address: string, body = "", headers: Record<string, string> = {}) {
    const answer = await fetch(address, {
      method,
      headers: { ...login, ...headers },
      ...(body !== "" && { body }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${name} answers ${answer.status} to ${method}: ${text.slice(0, 300)}`);
  }

  const xml = { "content-type": "application/xml" };
  const server: CalDavServer = {
    name,
    host,
    url: `http://${host}/`,
    username,
    password,
    makeCalendar: async (calendar) => {
      const address = `${base}${calendar}/`;
      const made = `<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">${nameOf(calendar)}</c:mkcalendar>`;
      await send("MKCALENDAR", address, made, xml);
      return address;
    },
    put: (calendar, file, text) =>
      send("PUT", `${calendar}${file}`, text, { "content-type": "text/calendar" }),
    read: async (address) => {
      const answer = await fetch(address, { headers: login });
      const text = await answer.text();
      return answer.status === 404 ? null : text;
    },
    remove: (address) => send("DELETE", address),
    setName: (calendar, displayName) =>
      send(
        "PROPPATCH",
        calendar,
        `<d:propertyupdate xmlns:d="DAV:">${nameOf(displayName)}</d:propertyupdate>`,
        xml,
      ),
    setPassword: (next) => writeFileSync(join(folder, "users"), `${username}:${next}\n`),
    stop: async () => {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await waitFor(server.url, child);
  return server;
}

function nameOf(name: string): string {
  return `<d:set><d:prop><d:displayname>${name}</d:displayname></d:prop></d:set>`;
}

function argumentsOf(
  name: CalDavServer["name"],
  { folder, port, username, password }: { folder: string; port: number; username: string; password: string },
): string[] {
  if (name === "xandikos") {
    return ["-d", folder, "--defaults", "-l", "127.0.0.1", "-p", String(port)];
  }
  const users = join(folder, "users");
  writeFileSync(users, `${username}:${password}\n`);
  const options = {
    "server-hosts": `127.0.0.1:${port}`,
    "auth-type": "htpasswd",
    "auth-htpasswd-filename": users,
    "auth-htpasswd-encryption": "plain",
    "auth-delay": "0",
    "storage-filesystem-folder": join(folder, "collections"),
    "logging-level": "critical",
  };
  return Object.entries(options).map(([option, value]) => `--${option}=${value}`);
}

async function waitFor(url: string, child: { exitCode: number | null }): Promise<void> {
  const until = performance.now() + startMs;
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`The CalDAV server ended with code ${child.exitCode}.`);
    const answer = await fetch(url, { redirect: "manual" }).catch(() => null);
    await answer?.body?.cancel();
    if (answer) return;
    await sleep(50);
  }
  throw new Error("The CalDAV server does not answer.");
}
