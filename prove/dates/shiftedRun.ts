import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { findFaketime } from "../../scripts/findFaketime.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface TestRun {
  passed: number;
  failed: string[];
}

/** The environment in which `at` is now, for every program that is started with it, and for what those start. */
function environmentAt(at: Temporal.Instant, extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const library = findFaketime();
  if (!library) throw new Error("libfaketime is missing; `npm run prove` installs it where it can.");
  const seconds = Math.round((at.epochMilliseconds - Date.now()) / 1000);
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST"));
  return {
    ...Object.fromEntries(own),
    LD_PRELOAD: library,
    // An offset and not an instant: an instant would restart in every process.
    FAKETIME: seconds < 0 ? `${seconds}` : `+${seconds}`,
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    NO_FAKE_STAT: "1",
    CLOCK_SHIFT_MS: String(seconds * 1000),
    TZ: "Asia/Kathmandu",
    ...extra,
  };
}

/** Runs a program of the project under the shifted clock; returns its exit code. Its output is dropped. */
export function runAt(at: Temporal.Instant, args: string[], extra: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: "ignore", env: environmentAt(at, extra) });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

export async function runUnitTestsAt(at: Temporal.Instant, args: string[]): Promise<TestRun> {
  return withReport(async (file) => {
    const vitest = ["node_modules/vitest/vitest.mjs", "run", "--reporter=json", `--outputFile.json=${file}`];
    await runAt(at, [...vitest, ...args]);
    const { numPassedTests, testResults } = vitestReport.parse(JSON.parse(readFileSync(file, "utf8")));
    const failed = testResults.flatMap(({ name, status, assertionResults }) => {
      const tests = assertionResults.filter((test) => test.status === "failed").map((test) => test.fullName);
      // A file that breaks before its first test has no failed test.
      return status === "failed" && tests.length === 0 ? [name] : tests;
    });
    return { passed: numPassedTests, failed };
  });
}

const suite = z.object({
  get suites() {
    return z.array(suite).optional();
  },
  specs: z.array(z.object({ title: z.string(), ok: z.boolean() })),
});
const playwrightReport = z.object({ suites: z.array(suite), stats: z.object({ expected: z.number() }) });

/** The journeys, without looking at the pages; of the web app as it is built. */
export async function runJourneysAt(at: Temporal.Instant, args: string[] = []): Promise<TestRun> {
  return withReport(async (file) => {
    const playwright = ["node_modules/@playwright/test/cli.js", "test", "--reporter=json", ...args];
    await runAt(at, playwright, { LOOK: "off", PLAYWRIGHT_JSON_OUTPUT_FILE: file });
    const { suites, stats } = playwrightReport.parse(JSON.parse(readFileSync(file, "utf8")));
    const specs = suites.flatMap(function specsOf(one): z.infer<typeof suite>["specs"] {
      return [...one.specs, ...(one.suites ?? []).flatMap(specsOf)];
    });
    return { passed: stats.expected, failed: specs.filter(({ ok }) => !ok).map(({ title }) => title) };
  });
}

async function withReport<T>(work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "matepeak-dates-"));
  try {
    return await work(join(folder, "report.json"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
