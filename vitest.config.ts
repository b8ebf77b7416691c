import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  test: {
    include: ["{scheduling,rules,words,contract,db,server,src,scripts,bench,prove,vite}/**/*.test.{ts,tsx}"],
    globalSetup: ["server/testing/globalSetup.ts"],
    setupFiles: ["server/testing/failOnConsoleError.ts", "server/testing/runsPostgres.ts"],
    env: { TZ: "Asia/Kathmandu" },
    pool: "forks",
    maxWorkers: 2,
    // Loading the app anew for each file would take longer than many of the files. What a test changes in a module it puts back.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
