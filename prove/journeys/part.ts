import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { projectRoot } from "../../server/platform/config.ts";
import type { Prove } from "../proof.ts";

/** Of Playwright's report. */
interface Report {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

/** The journeys that are long, or about rare devices: those with the tag @long. All others run in `npm test`. */
export const journeys: Prove = async () => {
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, ["scripts/test.mjs", "e2e"], {
      cwd: projectRoot,
      env: { ...process.env, JOURNEYS: "long" },
      stdio: "inherit",
    });
    child.on("error", reject);
    child.on("close", resolve);
  });
  const { stats } = JSON.parse(await readFile(`${projectRoot}/artefacts/playwright.json`, "utf8")) as Report;
  const { expected, unexpected, flaky, skipped } = stats;
  return {
    title: "Journeys that are long, or about rare devices",
    findings: [
      {
        promise: "every journey with the tag @long passes",
        figure: `${expected} passed, ${unexpected + flaky} failed, ${skipped} skipped`,
        holds: code === 0 && expected > 0 && unexpected + flaky + skipped === 0,
      },
    ],
  };
};
