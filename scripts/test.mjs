// `npm test`: types, lint and the web app beside the unit tests, then the browser journeys. Ends with the time of each step, the
// slowest tests and the line "N passed, N failed". Stops at the first failing step; with `--keep-going`, or CI=true in the
// environment, runs them all.
// `node scripts/test.mjs <step> [arguments]` runs one step and passes the arguments on to its tool.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { print, readJson, root, toolEnvironment } from "./project.mjs";
import { failedJourneys, failedTests, slowestFiles, slowestJourneys, timeLine } from "./slowest.mjs";

const artefacts = join(root, "artefacts");
const vitestReport = join(artefacts, "vitest.json");
const playwrightReport = join(artefacts, "playwright.json");
const keepGoing = process.argv.includes("--keep-going") || isOn(process.env.CI);

// One thread takes two fifths less processor time than several, which would check much of the same again.
const types = {
  name: "types",
  title: "Types",
  command: ["tsc", "-b", "--singleThreaded"],
  // Go collects garbage less often: a tenth of the time for some hundred MB.
  env: { GOGC: "400" },
};
const lint = { name: "lint", title: "Lint", command: ["npm", "run", "lint"] };
const unit = {
  name: "unit",
  title: "Unit, database and API tests",
  command: ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${vitestReport}`],
  // A zone with 45 minutes in its offset shows code that thinks in whole hours or in the machine's zone.
  env: { TZ: "Asia/Kathmandu" },
  count: () => countVitest(readJson(vitestReport)),
};
const build = { name: "build", title: "Web app", command: ["node", "scripts/setup.mjs", "build"] };
const e2e = {
  name: "e2e",
  title: "Browser journeys",
  command: ["playwright", "test", "--reporter=list,json"],
  env: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport, PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
  count: () => countPlaywright(readJson(playwrightReport)),
};

/**
 * What runs one after the other, and what runs beside it: the unit tests wait a good deal for processes, timeouts and the
 * disk, and the others do not.
 */
const stages = [
  { step: unit, beside: [types, lint, build] },
  { step: e2e, beside: [] },
];
const steps = [types, lint, unit, build, e2e];

function chosenStages() {
  const [name, ...args] = process.argv.slice(2).filter((arg) => arg !== "--keep-going");
  const one = steps.find((step) => step.name === name);
  return one ? [{ step: { ...one, command: [...one.command, ...args] }, beside: [] }] : stages;
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
  return { passed: expected, failed: unexpected + flaky, skipped };
}

/** The step whose output is shown as it is written, and its process. */
let shown = null;
/** Set when that step was stopped because another one failed. */
let isStopped = false;

/** Runs a step to its end. Returns its exit code and, if it ran beside another one, what it printed. */
function runStep(step, isBeside) {
  const [tool, ...args] = step.command;
  const stdio = isBeside ? ["ignore", "pipe", "pipe"] : "inherit";
  const options = { cwd: root, stdio, env: toolEnvironment(step.env) };
  // On Windows the tools are .cmd files, which only a shell can start.
  const child = spawn(tool, args, { ...options, shell: process.platform === "win32" });
  if (!isBeside) shown = child;
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

function secondsSince(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** A step that failed without a failed test (a type error, a crash) counts as one, so that the sum never hides it. */
function countStep(step, code) {
  const counts = step.count?.() ?? { passed: 0, failed: 0, skipped: 0 };
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

const sum = { passed: 0, failed: 0, skipped: 0 };
const outcomes = [];
const canContinue = () => sum.failed === 0 || keepGoing;

async function runCounted(step, isBeside = false) {
  if (!canContinue()) {
    outcomes.push(`not run  ${step.title}`);
    return;
  }
  const startedAt = performance.now();
  if (!isBeside) print(`\n=== ${step.title}: ${step.command[0]}`);
  const { code, output } = await runStep(step, isBeside);
  if (isStopped && !isBeside) {
    outcomes.push(`stopped  ${step.title}`);
    return;
  }
  const counts = countStep(step, code);
  for (const key of Object.keys(sum)) sum[key] += counts[key];
  outcomes.push(`${code === 0 ? "ok     " : "FAILED "}  ${step.title} (${secondsSince(startedAt)})`);
  if (!isBeside) return;
  // What went well beside another step is not worth an interruption of its output.
  if (code !== 0) print(`\n=== ${step.title}: ${step.command[0]}\n${output}`);
  if (!canContinue() && shown?.exitCode === null) {
    isStopped = true;
    shown.kill("SIGINT");
  }
}

async function runStage({ step, beside }) {
  const others = (async () => {
    for (const other of beside) await runCounted(other, true);
  })();
  await Promise.all([runCounted(step), others]);
}

function printSlowest() {
  const lists = [
    ["test files", slowestFiles(readJson(vitestReport), root)],
    ["journeys", slowestJourneys(readJson(playwrightReport))],
  ];
  for (const [what, slowest] of lists.filter(([, { length }]) => length > 0)) {
    print(`\n=== The slowest ${what}`);
    for (const one of slowest) print(timeLine(one));
  }
}

async function main() {
  const startedAt = performance.now();
  mkdirSync(artefacts, { recursive: true });
  // Reports of an earlier run must not be counted if a tool crashes before it writes its own.
  for (const report of [vitestReport, playwrightReport]) rmSync(report, { force: true });
  for (const stage of chosenStages()) await runStage(stage);

  printSlowest();
  print(`\n=== All in ${secondsSince(startedAt)}`);
  for (const outcome of outcomes) print(outcome);
  const failed = [
    ...failedTests(readJson(vitestReport), root),
    ...failedJourneys(readJson(playwrightReport)),
  ];
  for (const test of failed) print(`failed: ${test}`);
  if (sum.skipped > 0) print(`${sum.skipped} skipped`);
  print(`${sum.passed} passed, ${sum.failed} failed`);
  process.exitCode = sum.failed > 0 ? 1 : 0;
}

// Ctrl-C reaches the tools too, as they share our terminal: wait for them to clean up, then report.
process.on("SIGINT", () => {});
await main();
