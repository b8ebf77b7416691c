// Installs Debian's packages for the tests, where that is possible without asking.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { print, run, SetupError } from "./project.mjs";

// Debian's Chromium with what it needs takes about 700 MB; far more means that something else would be pulled in.
const maxMegabytes = 2000;
// Where there is no way to a mirror, an installation that could be done without must not take minutes to fail.
const aptOptions = [
  "-qq",
  "-o",
  "Acquire::http::Timeout=20",
  "-o",
  "Acquire::https::Timeout=20",
  "-o",
  "Acquire::Retries=1",
];
const aptEnvironment = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };

export function mayUseApt() {
  if (process.platform !== "linux" || process.getuid() !== 0) return false;
  return isDebian() && spawnSync("apt-get", ["--version"]).status === 0;
}

function isDebian() {
  try {
    // Ubuntu is like Debian but its `chromium` package is only an advice to use snap.
    const release = readFileSync("/etc/os-release", "utf8");
    return /^ID(_LIKE)?=.*\bdebian\b/m.test(release) && !/^ID=.*\bubuntu\b/m.test(release);
  } catch {
    // A Linux without os-release is certainly not a Debian.
    return false;
  }
}

/** Prints `what` while it installs, `advice` if it does not fit. */
export function installByApt(packages, { what, advice }) {
  print(`Installing ${what} (apt-get, once) …`);
  // An out-of-date index may still do, so a failed update is not the end; a failed install is reported by the caller.
  run("apt-get", ["update", ...aptOptions], { env: aptEnvironment });
  checkSize(packages, advice);
  run("apt-get", ["install", "-y", ...aptOptions, "--no-install-recommends", ...packages], {
    env: aptEnvironment,
  });
}

/**
 * Downloads packages of one of Debian's releases, from the mirror that this machine uses, into a new folder with lists of its
 * own: nothing of the machine changes. Returns the folder of the packages; those that could not be had are missing in it.
 */
export function downloadByApt(packages, release, folder) {
  const [lists, cache, files] = ["lists/partial", "cache", "files"].map((name) => join(folder, name));
  for (const path of [lists, cache, files]) mkdirSync(path, { recursive: true });
  const [sources, status] = ["sources.list", "status"].map((name) => join(folder, name));
  writeFileSync(status, "");
  writeFileSync(
    sources,
    `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${debianMirror()} ${release} main\n`,
  );
  const options = [
    ...aptOptions,
    ...[
      `Dir::Etc::sourcelist=${sources}`,
      "Dir::Etc::sourceparts=-",
      `Dir::State::lists=${join(folder, "lists")}`,
      // What is installed here is not a version to prefer.
      `Dir::State::status=${status}`,
      `Dir::Cache=${cache}`,
      "Acquire::Languages=none",
      // The folder belongs to root.
      "APT::Sandbox::User=root",
    ].flatMap((option) => ["-o", option]),
  ];
  run("apt-get", ["update", ...options], { env: aptEnvironment });
  run("apt-get", ["download", ...options, ...packages], { env: aptEnvironment, cwd: files });
  return files;
}

/** The mirror of this machine's own release: it has the other releases too. */
function debianMirror() {
  const format = ["indextargets", "--format", "$(RELEASE) $(REPO_URI)", "Created-By: Packages"];
  const { stdout } = spawnSync("apt-get", format, { encoding: "utf8", env: aptEnvironment });
  const own = /^VERSION_CODENAME=(\w+)/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  const line = (stdout ?? "").split("\n").find((target) => target.startsWith(`${own} `));
  return line?.split(" ")[1] ?? "";
}

/** Refuses an installation that is implausibly big or does not fit. */
function checkSize(packages, advice) {
  const args = ["install", "--assume-no", "--no-install-recommends", ...packages];
  const { stdout } = spawnSync("apt-get", args, { encoding: "utf8", env: aptEnvironment });
  const megabytes = Math.max(0, ...sizes(stdout ?? ""));
  const { bavail, bsize } = statfsSync("/usr");
  const free = Math.floor((bavail * bsize) / 1e6);
  if (megabytes > maxMegabytes) {
    throw new SetupError(`apt-get would install ${megabytes} MB, which is implausible. ${advice}`);
  }
  if (megabytes > free) {
    throw new SetupError(`apt-get needs ${megabytes} MB but only ${free} MB are free. ${advice}`);
  }
}

/** The megabytes in apt's "Need to get 95.6 MB…" and "…412 MB of additional disk space will be used". */
function sizes(output) {
  const inMegabytes = { kB: 0.001, MB: 1, GB: 1000 };
  const found = output.matchAll(/([\d.,]+) (kB|MB|GB)/g);
  return [...found].map(([, number, unit]) => Number(number.replaceAll(",", "")) * inMegabytes[unit]);
}
