import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type EmbeddedApp, startEmbeddedApp } from "../testing/embeddedApp.ts";

// Whole processes start and stop here, on machines that may be busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

// One app for all tests, as starting it takes seconds: the last one ends it.
let app: EmbeddedApp;
beforeAll(async () => {
  app = await startEmbeddedApp();
});
afterAll(() => app.remove());

const pages = ["/readyz", "/api/v1/mentors"];
/** A status, or "no answer" after 40 seconds. */
const statusOf = (path: string) =>
  fetch(`${app.address}${path}`, { signal: AbortSignal.timeout(40_000) }).then(
    ({ status }) => status,
    () => "no answer",
  );

it("starts its own PostgreSQL again after kill -9 of the postmaster, with a line in the log", async () => {
  const killed = app.postmaster();
  process.kill(killed, "SIGKILL");
  await expect.poll(() => statusOf("/readyz"), { timeout: 60_000, interval: 20 }).toBe(503);
  // Some are refused meanwhile.
  for (let n = 0; n < 20; n++) await statusOf("/api/v1/mentors");
  await expect.poll(() => statusOf("/readyz"), { timeout: 60_000, interval: 100 }).toBe(200);
  expect(await Promise.all(pages.map(statusOf))).toEqual([200, 200]);
  expect(app.postmaster()).not.toBe(killed);
  const said = (words: string) => app.lines().filter(({ msg }) => msg === words).length;
  // Requests are served from the same moment on as the line is written.
  await expect.poll(() => said("The embedded PostgreSQL runs again")).toBe(1);
  expect(said("The embedded PostgreSQL is gone and is started again")).toBe(1);
  const lines = app.lines();
  const traces = lines.filter(({ err, msg }) => err !== undefined && msg === "Request failed");
  expect(traces.length).toBeLessThanOrEqual(3);
});

it("responds with 503 in time while its PostgreSQL hangs, and serves again when it continues", async () => {
  for (const path of pages) expect(await statusOf(path)).toBe(200);
  const processes = app.postgresProcesses();
  for (const pid of processes) process.kill(pid, "SIGSTOP");
  try {
    const startedAt = performance.now();
    const answers = await Promise.all(pages.map(statusOf));
    expect(answers).toEqual([503, 503]);
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    // Others, too, on connections that have to be opened first.
    const later = await Promise.all(Array.from({ length: 12 }, () => statusOf("/api/v1/mentors")));
    expect(new Set(later)).toEqual(new Set([503]));
    expect(await statusOf("/healthz")).toBe(200);
  } finally {
    for (const pid of processes.toReversed()) process.kill(pid, "SIGCONT");
  }
  await expect.poll(() => statusOf("/readyz"), { timeout: 20_000, interval: 100 }).toBe(200);
  await sleep(100);
  for (const path of pages) expect(await statusOf(path)).toBe(200);
  expect(readFileSync(join(app.dataDir, "postgres", "postmaster.pid"), "utf8")).toContain(`${processes[0]}`);
});

it("ends with exit code 1 when its PostgreSQL cannot be started again", async () => {
  const control = join(app.dataDir, "postgres", "global", "pg_control");
  renameSync(control, `${control}.away`);
  process.kill(app.postmaster(), "SIGKILL");
  expect(await app.ended).toBe(1);
  expect(app.lines()).toContainEqual(
    expect.objectContaining({
      level: 60,
      msg: "The embedded PostgreSQL cannot be started again: the app stops",
    }),
  );
  renameSync(`${control}.away`, control);
});
