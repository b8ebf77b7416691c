import { buildWebApp } from "./buildWebApp.mjs";
import { installDependencies } from "./installDependencies.mjs";

/**
 * Does what the npm script `what` needs: dependencies always; the built web app for `start`, `build`, `e2e` and `load`; a
 * browser for `test`, `e2e` and `prove`; libfaketime for the tests of other days; CalDAV servers for those of connected calendars; PgBouncer for those of poolers; deno for the proofs. (`npm test` builds the web app as one of its steps, so that a failure is counted.)
 */
export async function setUp(what) {
  installDependencies();
  if (["start", "build", "e2e", "load"].includes(what)) {
    buildWebApp();
  }
  if (["test", "e2e", "prove"].includes(what)) {
    const { ensureChromium } = await import("./ensureChromium.mjs");
    ensureChromium();
  }
  if (["test", "unit", "prove"].includes(what)) {
    const { ensureFaketime } = await import("./ensureFaketime.mjs");
    ensureFaketime();
  }
  if (["test", "unit", "e2e", "prove"].includes(what)) {
    const { ensureCalDav } = await import("./ensureCalDav.mjs");
    ensureCalDav();
  }
  if (["test", "unit", "prove"].includes(what)) {
    const { ensurePgBouncer } = await import("./ensurePgBouncer.mjs");
    ensurePgBouncer();
  }
  if (what === "prove") {
    const { ensureDeno } = await import("./ensureDeno.mjs");
    ensureDeno();
  }
}
