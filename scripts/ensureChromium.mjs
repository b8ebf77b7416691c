import { basename } from "node:path";
import { installByApt, mayUseApt } from "./aptInstall.mjs";
import { findChromium, headlessShell } from "./findChromium.mjs";
import { print, SetupError } from "./project.mjs";

const fonts = ["fonts-liberation", "fonts-noto-core"];
const advice =
  "The browser tests need a Chromium: run `npx playwright install --with-deps chromium`, " +
  "or install Chrome or Chromium, or set CHROMIUM_PATH to one.";

/**
 * Makes sure that a Chromium can be found. Where that is possible without asking, installs Debian's headless shell, also
 * beside a Chromium that is there already: the tests then take two minutes less.
 */
export function ensureChromium() {
  const found = find();
  if (found && (process.env.CHROMIUM_PATH || basename(found) === headlessShell)) return;
  if (mayUseApt()) install(found ? [headlessShell] : [headlessShell, ...fonts], found);
  if (!find()) throw new SetupError(advice);
}

function install(packages, found) {
  try {
    installByApt(packages, { what: "Chromium for the browser tests", advice });
  } catch (error) {
    if (!found || !(error instanceof SetupError)) throw error;
    print(`${error.message} The tests use ${found}.`);
  }
}

function find() {
  try {
    return findChromium();
  } catch (error) {
    throw new SetupError(error.message);
  }
}
