// `npm run secrets`: makes the files of deploy/secrets for containers; what is there already stays as it is.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { StartupError } from "../server/platform/startupError.ts";
import { runCommand } from "./runCommand.ts";

const usage = `npm run secrets [-- --to <folder>] [--database <host:port>] [--pooler <host:port>]
makes the passwords, URLs and keys of a new installation; the defaults are those of compose.yaml`;

function readArguments() {
  try {
    return parseArgs({
      options: {
        to: { type: "string", default: fileURLToPath(new URL("../deploy/secrets", import.meta.url)) },
        database: { type: "string", default: "postgres:5432" },
        pooler: { type: "string", default: "pgbouncer:6432" },
      },
    }).values;
  } catch (error) {
    throw new StartupError(`${(error as Error).message}\n\n${usage}`);
  }
}

const secret = (bytes: number) => randomBytes(bytes).toString("base64url");

async function main(): Promise<void> {
  const { to, database, pooler } = readArguments();
  const folder = resolve(to);
  if (existsSync(join(folder, "owner_url"))) {
    throw new StartupError(`${folder} has secrets already. Move them away for a new installation.`);
  }
  const passwords = new Map(
    ["matepeak_owner", "matepeak_app", "anon", "matepeak_auth", "matepeak_jobs"].map((role) => [
      role,
      secret(24),
    ]),
  );
  const urlOf = (role: string, host: string) => `postgres://${role}:${passwords.get(role)}@${host}/matepeak`;
  // Jobs, live updates and the owner need sessions of their own, so they connect directly.
  const pooled = ["matepeak_app", "anon", "matepeak_auth"];
  const files: Record<string, string> = {
    owner_password: passwords.get("matepeak_owner") ?? "",
    owner_url: urlOf("matepeak_owner", database),
    app_url: urlOf("matepeak_app", pooler),
    visitors_url: urlOf("anon", pooler),
    accounts_url: urlOf("matepeak_auth", pooler),
    queue_url: urlOf("matepeak_jobs", database),
    listen_url: urlOf("anon", database),
    pgbouncer_users: pooled.map((role) => `"${role}" "${passwords.get(role)}"`).join("\n"),
    auth_secret: secret(48),
    metrics_token: secret(32),
  };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, value] of Object.entries(files)) {
    // Only the folder's owner reaches them; the users in the containers, which have other numbers, read the mounted files.
    writeFileSync(join(folder, name), `${value}\n`, { mode: 0o444, flag: "wx" });
  }
  process.stdout.write(
    `${Object.keys(files).length} files are in ${folder}. Store auth_secret elsewhere too: it is in no backup.\n`,
  );
}

await runCommand(main);
