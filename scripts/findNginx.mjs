// Finds nginx for the proof of scale: the machine's own, or Debian's package, unpacked and not installed, as an installed one
// would start a service.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { downloadByApt, mayUseApt } from "./aptInstall.mjs";
import { SetupError } from "./project.mjs";

const folder = "/var/cache/matepeak/nginx";

/** The path of the program. */
export function findNginx() {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", join(folder, "usr/sbin")];
  const find = () => folders.map((path) => join(path, "nginx")).find(existsSync);
  if (!find() && mayUseApt()) unpack();
  const found = find();
  if (!found) throw new SetupError("The proof of scale needs nginx: install the package `nginx`.");
  return found;
}

function unpack() {
  const scratch = mkdtempSync(join(tmpdir(), "matepeak-nginx-"));
  const release = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  try {
    const files = downloadByApt(["nginx"], release, scratch);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const name = readdirSync(files).find((file) => file.startsWith("nginx_"));
    if (name) spawnSync("dpkg-deb", ["-x", join(files, name), folder]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
