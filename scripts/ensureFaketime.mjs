import { installByApt, mayUseApt } from "./aptInstall.mjs";
import { findFaketime } from "./findFaketime.mjs";
import { SetupError } from "./project.mjs";

const advice = "The tests of other days need libfaketime: install the package `faketime` (or `libfaketime`).";

/** Makes sure that libfaketime is there, installing Debian's when that is possible without asking. It is for Linux only. */
export function ensureFaketime() {
  if (process.platform !== "linux" || findFaketime()) return;
  if (mayUseApt()) installByApt(["libfaketime"], { what: "libfaketime for the tests of other days", advice });
  if (!findFaketime()) throw new SetupError(advice);
}
