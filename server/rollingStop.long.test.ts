import type pg from "pg";
import { afterEach, describe, expect, it, vi } from "vitest";
import { endProcesses, withOwnDatabase } from "./testing/appProcess.ts";
import { templateName } from "./testing/templateName.ts";

// Whole processes start and stop here, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

afterEach(endProcesses);

describe("SIGTERM in a rolling change", () => {
  /** A request that the database keeps waiting until `letGo`. */
  async function beginSlowRequest(port: number, owner: pg.Client) {
    await owner.query("begin; lock table expert_profiles in access exclusive mode");
    const answer = fetch(`http://localhost:${port}/api/v1/mentors`).then(
      ({ status }) => status,
      () => "cut",
    );
    const waits = "select from pg_locks where not granted and relation = 'expert_profiles'::regclass";
    await expect.poll(async () => (await owner.query(waits)).rowCount, { timeout: 10_000 }).toBe(1);
    return { answer, letGo: () => owner.query("commit") };
  }
  const statusOf = (port: number, path: string) =>
    fetch(`http://localhost:${port}${path}`).then(
      ({ status }) => status,
      () => "no connection",
    );

  it("first reports not ready, still serves requests, and cuts off none", async () => {
    await withOwnDatabase("rolling_stop", templateName, { DRAIN_SECONDS: "3" }, async (app, port, owner) => {
      expect(await statusOf(port, "/readyz")).toBe(200);
      const slow = await beginSlowRequest(port, owner);
      app.child.kill("SIGTERM");
      await expect.poll(() => statusOf(port, "/readyz"), { timeout: 2_500, interval: 20 }).toBe(503);
      // Requests in the meantime are served, and told to connect elsewhere the next time.
      const meanwhile = await fetch(`http://localhost:${port}/api/docs/errors`);
      expect(meanwhile.status).toBe(200);
      expect(meanwhile.headers.get("connection")).toBe("close");
      // Then no new connection is accepted, and open requests are answered.
      await expect.poll(() => statusOf(port, "/healthz"), { timeout: 20_000 }).toBe("no connection");
      await slow.letGo();
      expect(await slow.answer).toBe(200);
      expect(await app.ended).toBe(0);
    });
  });

  it("SIGKILL cuts them: the twin", async () => {
    await withOwnDatabase("rolling_kill", templateName, {}, async (app, port, owner) => {
      const slow = await beginSlowRequest(port, owner);
      app.child.kill("SIGKILL");
      expect(await slow.answer).toBe("cut");
      await slow.letGo();
    });
  });
});
