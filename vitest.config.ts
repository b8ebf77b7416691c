import { defineConfig } from "vitest/config";
import { LongestFirst } from "./scripts/longestFirst.ts";
import { keepTemporaryFilesInMemory } from "./scripts/memoryFolder.ts";

keepTemporaryFilesInMemory();

/** `npm run prove -- tests` runs the tests that are long, or about rare faults: the files named `*.long.test.ts`. */
const isLong = process.env.TESTS === "long";

function testsIn(folders: string) {
  return {
    include: [`${folders}/**/*${isLong ? ".long" : ""}.test.{ts,tsx}`],
    exclude: isLong ? [] : ["**/*.long.test.{ts,tsx}"],
  };
}

export default defineConfig({
  test: {
    // One more than the processors of a small machine: a good part of the tests' time is waiting.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "server",
          ...testsIn("{scheduling,rules,words,contract,db,server,scripts,bench,prove,supabase,vite}"),
          globalSetup: ["server/testing/globalSetup.ts"],
          setupFiles: ["server/testing/failOnConsoleError.ts", "server/testing/runsPostgres.ts"],
          // Node itself loads these modules, as in production. Vite's runner takes a tenth more processor time: it
          // transforms each module, and reads each import through an object.
          experimental: { viteModuleRunner: false, nodeLoader: false },
        },
      },
      {
        extends: true,
        resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
        test: {
          name: "web",
          ...testsIn("{src,mail}"),
          setupFiles: ["server/testing/failOnConsoleError.ts"],
        },
      },
    ],
    env: { TZ: "Asia/Kathmandu" },
    pool: "forks",
    // What a test makes is soon garbage: larger spaces for young objects are collected less often, and by one thread,
    // as the tests occupy every processor anyway.
    execArgv: ["--max-semi-space-size=128", "--no-parallel-scavenge"],
    // Loading the app again for each file would take longer than many of the files. A test restores what it changes in a module.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
