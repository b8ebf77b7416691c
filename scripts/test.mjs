// `npm test`: types, lint, tests, the web app, its browser journeys, in this order. Ends with the line "N passed, N failed".
// Stops at the first failing step; with `--keep-going`, or CI=true in the environment, runs them all.
// `node scripts/test.mjs <step> [arguments]` runs one of them and passes the arguments on to its tool.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, root, say, toolEnvironment } from "./project.mjs";

const artefacts = join(root, "artefacts");
const vitestReport = join(artefacts, "vitest.json");
const playwrightReport = join(artefacts, "playwright.json");
const keepGoing = process.argv.includes("--keep-going") || isOn(process.env.CI);

const steps = [
  { name: "types", title: "Types", command: ["tsc", "-b"] },
  { name: "lint", title: "Lint", command: ["npm", "run", "lint"] },
  {
    name: "unit",
    title: "Unit, database and API tests",
    command: ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`],
    // A zone with 45 minutes in its offset shows code that thinks in whole hours or in the machine's zone.
    env: { TZ: "Asia/Kathmandu" },
    count: () => countVitest(readJson(vitestReport)),
  },
  { name: "build", title: "Web app", command: ["node", "scripts/setup.mjs", "build"] },
  {
    name: "e2e",
    title: "Browser journeys",
    command: ["playwright", "test", "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport, PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
    count: () => countPlaywright(readJson(playwrightReport)),
  },
];

function chosenSteps() {
  const [name, ...args] = process.argv.slice(2).filter((arg) => arg !== "--keep-going");
  const one = steps.find((step) => step.name === name);
  return one ? [{ ...one, command: [...one.command, ...args] }] : steps;
}

function isOn(value) {
  return value !== undefined && !["", "0", "false"].includes(value);
}

function countVitest(report) {
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report ?? {};
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}

function countPlaywright(report) {
  const { expected = 0, flaky = 0, unexpected = 0, skipped = 0 } = report?.stats ?? {};
  return { passed: expected + flaky, failed: unexpected, skipped };
}

function runStep(step) {
  const [tool, ...args] = step.command;
  const options = { cwd: root, stdio: "inherit", env: toolEnvironment(step.env) };
  // On Windows the tools are .cmd files, which only a shell can start.
  const child = spawn(tool, args, { ...options, shell: process.platform === "win32" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** A step that failed without a failed test (a type error, a crash) counts as one, so that the sum never hides it. */
function countStep(step, code) {
  const counts = step.count?.() ?? { passed: 0, failed: 0, skipped: 0 };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function main() {
  const startedAt = performance.now();
  const sum = { passed: 0, failed: 0, skipped: 0 };
  mkdirSync(artefacts, { recursive: true });
  // Reports of an earlier run must not be counted if a tool dies before it writes its own.
  for (const report of [vitestReport, playwrightReport]) rmSync(report, { force: true });

  const outcomes = [];
  for (const step of chosenSteps()) {
    if (sum.failed > 0 && !keepGoing) {
      outcomes.push(`not run  ${step.title}`);
      continue;
    }
    const stepStartedAt = performance.now();
    say(`\n=== ${step.title}: ${step.command[0]}`);
    const code = await runStep(step);
    const counts = countStep(step, code);
    for (const key of Object.keys(sum)) sum[key] += counts[key];
    outcomes.push(`${code === 0 ? "ok     " : "FAILED "}  ${step.title} (${seconds(stepStartedAt)})`);
  }

  say(`\n=== All in ${seconds(startedAt)}`);
  for (const outcome of outcomes) say(outcome);
  if (sum.skipped > 0) say(`${sum.skipped} skipped`);
  say(`${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed > 0 ? 1 : 0;
}

// Ctrl-C reaches the tools too, as they share our terminal: wait for them to clean up, then report.
process.on("SIGINT", () => {});
await main();
