import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadByApt, mayUseApt } from "./aptInstall.mjs";
import { debianReleases, findPgBouncers, pgBouncerFolder } from "./findPgBouncer.mjs";
import { print, SetupError } from "./project.mjs";

const advice = "The tests of poolers need PgBouncer: install the package `pgbouncer`.";
/** What the program loads, by Debian's release. */
const libraries = {
  bookworm: [
    "libevent-2.1-7",
    "libssl3",
    "libc-ares2",
    "liblz4-1",
    "liblzma5",
    "libgcrypt20",
    "libgpg-error0",
  ],
  trixie: ["libevent-2.1-7t64", "libssl3t64", "libcares2", "zlib1g"],
};
const common = ["libc6", "libpam0g", "libsystemd0", "libaudit1", "libcap-ng0", "libcap2", "libzstd1"];

/**
 * Makes sure that PgBouncer is there: on Debian in two versions, which are unpacked and not installed, as they cannot both
 * be, and as an installed one would start a service.
 */
export function ensurePgBouncer() {
  const wanted = mayUseApt() ? debianReleases.length : 1;
  if (findPgBouncers().length < wanted && mayUseApt()) unpackAll();
  if (findPgBouncers().length < wanted) throw new SetupError(advice);
}

function unpackAll() {
  print("Unpacking two versions of PgBouncer for the tests of poolers (apt-get, once) …");
  const scratch = mkdtempSync(join(tmpdir(), "matepeak-pgbouncer-"));
  try {
    for (const release of debianReleases) {
      const packages = downloadByApt(
        ["pgbouncer", ...common, ...libraries[release]],
        release,
        join(scratch, release),
      );
      const folder = join(scratch, `${release}-root`);
      mkdirSync(folder, { mode: 0o755 });
      const debs = readdirSync(packages).filter((name) => name.endsWith(".deb"));
      if (debs.length === 0) throw new SetupError(advice);
      for (const file of debs) spawnSync("dpkg-deb", ["-x", join(packages, file), folder]);
      mkdirSync(pgBouncerFolder, { recursive: true, mode: 0o755 });
      rmSync(join(pgBouncerFolder, release), { recursive: true, force: true });
      // Complete, or not there.
      spawnSync("cp", ["-a", folder, join(pgBouncerFolder, `${release}.new`)]);
      renameSync(join(pgBouncerFolder, `${release}.new`), join(pgBouncerFolder, release));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
