import { installByApt, mayUseApt } from "./aptInstall.mjs";
import { findChromium } from "./findChromium.mjs";
import { SetupError } from "./project.mjs";

const packages = ["chromium", "fonts-liberation", "fonts-noto-core"];
const advice =
  "The browser tests need a Chromium: run `npx playwright install --with-deps chromium`, " +
  "or install Chrome or Chromium, or set CHROMIUM_PATH to one.";

/** Makes sure that a Chromium can be found, installing Debian's when that is possible without asking. */
export function ensureChromium() {
  if (find()) return;
  if (mayUseApt()) installByApt(packages, { what: "Chromium for the browser tests", advice });
  if (!find()) throw new SetupError(advice);
}

function find() {
  try {
    return findChromium();
  } catch (error) {
    throw new SetupError(error.message);
  }
}
