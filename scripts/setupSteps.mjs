import { buildWebApp } from "./buildWebApp.mjs";
import { installDependencies } from "./installDependencies.mjs";

/**
 * Does what the npm script `what` needs: dependencies always; the built web app for `start`, `build` and `e2e`; a
 * browser for `test` and `e2e`. (`npm test` builds the web app as one of its steps, so that a failure is counted.)
 */
export async function setUp(what) {
  installDependencies();
  if (["start", "build", "e2e"].includes(what)) {
    buildWebApp();
  }
  if (["test", "e2e"].includes(what)) {
    const { ensureChromium } = await import("./ensureChromium.mjs");
    ensureChromium();
  }
}
