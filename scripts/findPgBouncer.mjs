// Finds the versions of PgBouncer that the tests of poolers run: those that ensurePgBouncer.mjs has unpacked, or the one of the
// machine.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where they are unpacked: every user may read it, and none of them is installed. */
export const pgBouncerFolder = "/var/cache/matepeak/pgbouncer";
/** Debian's releases with the last version before prepared statements work in transaction mode, and with one after it. */
export const debianReleases = ["bookworm", "trixie"];

/** Of each version that is there its number, and the program with its first arguments; the oldest first. */
export function findPgBouncers() {
  const unpacked = debianReleases.map(commandOf).filter((command) => existsSync(command[0]));
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const installed = folders
    .map((folder) => [join(folder, "pgbouncer")])
    .find(([program]) => existsSync(program));
  const commands = unpacked.length > 0 || !installed ? unpacked : [installed];
  return commands.map((command) => ({ version: versionOf(command), command }));
}

/** A release's program runs with that release's libraries, loaded by its own loader. */
function commandOf(release) {
  const folder = join(pgBouncerFolder, release);
  const [machine, loader] =
    process.arch === "arm64"
      ? ["aarch64-linux-gnu", "ld-linux-aarch64.so.1"]
      : ["x86_64-linux-gnu", "ld-linux-x86-64.so.2"];
  const libraries = [join(folder, "lib", machine), join(folder, "usr/lib", machine)];
  const found = libraries.map((library) => join(library, loader)).find(existsSync);
  return [found ?? "", "--library-path", libraries.join(":"), join(folder, "usr/sbin/pgbouncer")];
}

function versionOf([program, ...args]) {
  const { stdout } = spawnSync(program, [...args, "--version"], { encoding: "utf8" });
  return /PgBouncer (\d+\.\d+)/.exec(stdout ?? "")?.[1] ?? "unknown";
}
