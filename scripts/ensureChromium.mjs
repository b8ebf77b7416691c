import { spawnSync } from "node:child_process";
import { readFileSync, statfsSync } from "node:fs";
import { findChromium } from "./findChromium.mjs";
import { run, SetupError, say } from "./project.mjs";

const packages = ["chromium", "fonts-liberation", "fonts-noto-core"];
// Debian's Chromium with what it needs takes about 700 MB; far more means that something else would be pulled in.
const mostMegabytes = 2000;
const aptEnvironment = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };

const advice =
  "The browser tests need a Chromium: run `npx playwright install --with-deps chromium`, " +
  "or install Chrome or Chromium, or set CHROMIUM_PATH to one.";

/** Makes sure that a Chromium can be found, installing Debian's when that is possible without asking. */
export function ensureChromium() {
  if (find()) return;
  if (mayUseApt()) installByApt();
  if (!find()) throw new SetupError(advice);
}

function find() {
  try {
    return findChromium();
  } catch (error) {
    throw new SetupError(error.message);
  }
}

function mayUseApt() {
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

function installByApt() {
  say("Installing Chromium for the browser tests (apt-get, once) …");
  // An out-of-date index may still do, so a failed update is not the end; a failed install is reported by the caller.
  run("apt-get", ["update", "-qq"], { env: aptEnvironment });
  checkSize();
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], { env: aptEnvironment });
}

/** Refuses an installation that is implausibly big or does not fit. */
function checkSize() {
  const args = ["install", "--assume-no", "--no-install-recommends", ...packages];
  const { stdout } = spawnSync("apt-get", args, { encoding: "utf8", env: aptEnvironment });
  const megabytes = Math.max(0, ...sizes(stdout ?? ""));
  const { bavail, bsize } = statfsSync("/usr");
  const free = Math.floor((bavail * bsize) / 1e6);
  if (megabytes > mostMegabytes) {
    throw new SetupError(
      `Chromium by apt-get would take ${megabytes} MB, which is not believable. ${advice}`,
    );
  }
  if (megabytes > free) {
    throw new SetupError(`Chromium needs ${megabytes} MB but only ${free} MB are free. ${advice}`);
  }
}

/** The megabytes in apt's "Need to get 95.6 MB…" and "…412 MB of additional disk space will be used". */
function sizes(output) {
  const inMegabytes = { kB: 0.001, MB: 1, GB: 1000 };
  const found = output.matchAll(/([\d.,]+) (kB|MB|GB)/g);
  return [...found].map(([, number, unit]) => Number(number.replaceAll(",", "")) * inMegabytes[unit]);
}
