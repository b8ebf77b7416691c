import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { findDeno } from "../../../scripts/findDeno.mjs";
import { freePort } from "../../../server/testing/freePort.ts";
import { openTestApp, type TestApp } from "../../../server/testing/testApp.ts";
import { expectSameAnswers, openMentors } from "./testing/sameAnswers.ts";

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

let test: TestApp;
let deno: ChildProcess;
let address: string;
let said = "";
beforeAll(async () => {
  test = await openTestApp();
  const port = await freePort("127.0.0.1");
  address = `http://127.0.0.1:${port}`;
  const program = findDeno();
  if (!program) throw new Error("npm run prove installs deno first.");
  // The packages come from node_modules, so that the test needs no network.
  const flags = ["--no-check", "--no-lock", "--node-modules-dir=manual", "--cached-only"];
  const rights = ["--allow-env", "--allow-read", `--allow-net=127.0.0.1`, "--allow-sys"];
  deno = spawn(
    program,
    ["run", ...flags, ...rights, "--config", here("deno.json"), here("testing/onPort.ts")],
    {
      env: { ...process.env, PORT: String(port), SUPABASE_DB_URL: test.db.ownerUrl, NO_COLOR: "1" },
    },
  );
  for (const stream of [deno.stdout, deno.stderr])
    stream?.on("data", (text) => {
      said += text;
    });
  await vi.waitFor(() => expect(said).toContain("Listening"), { timeout: 30_000 });
});
afterAll(async () => {
  deno?.kill();
  if (deno && deno.exitCode === null && deno.signalCode === null) await once(deno, "exit");
  await test?.close();
});

it("in Supabase's runtime, without Temporal of its own, the slot engine gives the same answers", async () => {
  const compared = await expectSameAnswers(test, await openMentors(test), (query) =>
    fetch(`${address}/?${query}`),
  );
  expect(compared).toBe(84);
});
