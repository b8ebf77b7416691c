import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/longestFirst.ts";
import { keepTemporaryFilesInMemory } from "./scripts/memoryFolder.ts";

keepTemporaryFilesInMemory();

/** `npm run prove -- tests` runs the tests that are long, or about rare faults: the files named `*.long.test.ts`. */
const isLong = process.env.TESTS === "long";

export default defineConfig({
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  test: {
    include: [
      `{scheduling,rules,words,contract,db,server,src,mail,scripts,bench,prove,supabase,vite}/**/*${isLong ? ".long" : ""}.test.{ts,tsx}`,
    ],
    exclude: isLong ? [] : ["**/*.long.test.{ts,tsx}"],
    globalSetup: ["server/testing/globalSetup.ts"],
    setupFiles: ["server/testing/failOnConsoleError.ts", "server/testing/runsPostgres.ts"],
    env: { TZ: "Asia/Kathmandu" },
    pool: "forks",
    // One more than the processors of a small machine: a good part of the tests' time is waiting.
    maxWorkers: 3,
    // With Node's 16 MiB for young objects a sixth of the time to start an app is the collection of what soon is garbage anyway.
    execArgv: ["--max-semi-space-size=64"],
    sequence: { sequencer: LongestFirst },
    // Loading the app again for each file would take longer than many of the files. A test restores what it changes in a module.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
