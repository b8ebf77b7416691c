// Finds libfaketime, which runs a program as if it were another day. Used by the set-up and by prove/dates.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The absolute path of libfaketime.so.1, or null. Debian puts it below the folder of the machine's architecture. */
export function findFaketime() {
  if (process.platform !== "linux") return null;
  const folders = ["/usr/lib", "/usr/lib64", "/usr/local/lib", ...architectures()];
  return folders.map((folder) => join(folder, "faketime", "libfaketime.so.1")).find(existsSync) ?? null;
}

function architectures() {
  return readdirSync("/usr/lib")
    .filter((name) => name.endsWith("-linux-gnu"))
    .map((name) => join("/usr/lib", name));
}
