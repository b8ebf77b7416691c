import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, devices } from "@playwright/test";
import { findChromium } from "./scripts/findChromium.mjs";
import { keepTemporaryFilesInMemory } from "./scripts/memoryFolder.ts";

const port = Number(process.env.E2E_PORT ?? 3198);
keepTemporaryFilesInMemory();
// The configuration is read again in every worker; the folders must stay the same ones.
process.env.E2E_DATA_DIR ??= mkdtempSync(join(tmpdir(), "matepeak-e2e-"));
process.env.E2E_PAID_DATA_DIR ??= mkdtempSync(join(tmpdir(), "matepeak-e2e-paid-"));
process.env.E2E_PAID_ADDRESS ??= `http://localhost:${port + 1}`;

/** Chromium stalls under a shifted clock; e2e/test.ts shifts the clock of its pages instead. */
function withoutShiftedClock({ LD_PRELOAD: _, ...env }: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function server(env: { PORT: string; DATA_DIR: string; DEMO_DATA: string; PAYMENTS: string }) {
  const address = `http://localhost:${env.PORT}`;
  return {
    command: "node e2e/server.ts",
    gracefulShutdown: { signal: "SIGTERM", timeout: 15_000 } as const,
    env: { PUBLIC_URL: address, RATE_LIMIT: "off", LOG_LEVEL: "warn", ...env },
  };
}

export default defineConfig({
  testDir: "e2e",
  outputDir: "artefacts/e2e",
  // One more than the processors of a small machine, as for the unit tests: two leave a sixth of its time unused.
  workers: 3,
  fullyParallel: true,
  // `npm run prove -- journeys` runs those that are long or about rare devices.
  ...(process.env.JOURNEYS === "long" ? { grep: /@long/ } : { grepInvert: /@long/ }),
  forbidOnly: true,
  // A journey that needs a second attempt is a failure that needs an explanation.
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL: `http://localhost:${port}`,
    locale: "en-IN",
    contextOptions: { reducedMotion: "reduce" },
    timezoneId: "Asia/Kathmandu",
    screenshot: "only-on-failure",
    actionTimeout: 15_000,
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      env: withoutShiftedClock(process.env),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        // A page lives for seconds: what is spent on making its code fast is not won back.
        // The collector's threads would compete with other pages for the processors.
        "--js-flags=--no-opt --no-maglev --single-threaded-gc",
      ],
    },
  },
  projects: [
    // First, because it has one of the longest journeys.
    {
      name: "phone",
      use: { ...devices["Pixel 7"], viewport: { width: 360, height: 740 } },
      testMatch: /\.phone\.spec\.ts$/,
    },
    { name: "desktop", use: { ...devices["Desktop Chrome"] }, testIgnore: /\.phone\.spec\.ts$/ },
  ],
  // Without addresses here both start at once; the setup waits for them.
  globalSetup: "./e2e/untilReady.ts",
  webServer: [
    server({ PORT: String(port), DATA_DIR: process.env.E2E_DATA_DIR, DEMO_DATA: "on", PAYMENTS: "off" }),
    // Where sessions are paid for, in the sandbox.
    server({
      PORT: String(port + 1),
      DATA_DIR: process.env.E2E_PAID_DATA_DIR,
      DEMO_DATA: "off",
      PAYMENTS: "sandbox",
    }),
  ],
});
