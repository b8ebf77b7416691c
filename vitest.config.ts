import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  test: {
    include: ["{scheduling,contract,db,server,src,scripts,bench,prove}/**/*.test.{ts,tsx}"],
    globalSetup: ["server/testing/globalSetup.ts"],
    setupFiles: ["server/testing/failOnConsoleError.ts", "server/testing/runsPostgres.ts"],
    env: { TZ: "Asia/Kathmandu" },
    pool: "forks",
    // Every test brings its own database and app; to load all modules anew for each file took two fifths of the time.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
