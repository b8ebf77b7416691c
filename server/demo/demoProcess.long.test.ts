import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { start } from "../start.ts";
import {
  end,
  endProcesses,
  mentorsOf,
  ready,
  refusal,
  removal,
  runApp,
  withOwnDatabase,
} from "../testing/appProcess.ts";
import { freePort } from "../testing/freePort.ts";
import { templateName } from "../testing/templateName.ts";

// Whole processes start and stop here, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

afterEach(endProcesses);

describe("the demo, whose password is public", () => {
  let demoDir: string;
  beforeAll(() => {
    demoDir = mkdtempSync(join(tmpdir(), "matepeak-demo-"));
  });
  afterAll(() => rmSync(demoDir, { recursive: true, force: true }));

  /** Starts on the embedded database without a setting for the demo. */
  async function startHere(env: Record<string, string> = {}) {
    const port = await freePort("localhost");
    const app = runApp({ DATA_DIR: demoDir, PORT: String(port), DEMO_DATA: "", ...env });
    await ready(app);
    const seen = { mentors: (await mentorsOf(port)).length, logins: app.output().includes("Demo logins") };
    return { app, port, seen };
  }

  it("is planted in an empty database that this machine alone reaches", async () => {
    const { app, seen } = await startHere();
    expect(seen).toEqual({ mentors: 12, logins: true });
    await end(app.child, "SIGINT");
  });

  it("keeps the app from starting where others reach it", async () => {
    const line = await refusal({ DATA_DIR: demoDir, PORT: "0", DEMO_DATA: "", HOST: "0.0.0.0" });
    expect(line).toContain("The database holds the demo people");
    expect(line).toContain("npm run demo:remove");
    const elsewhere = { PUBLIC_URL: "https://book.example.com" };
    const refused = start({ DATA_DIR: demoDir, PORT: "0", ...elsewhere });
    await expect(refused).rejects.toThrow("The database holds the demo people");
  });

  it("stays, is removed while the app serves, once, and does not come back; then others may reach the app", async () => {
    const { app, port, seen } = await startHere();
    expect(seen).toEqual({ mentors: 12, logins: true });
    expect(await removal({ DATA_DIR: demoDir })).toMatch(
      /The demo was removed .*\n +15 people\n +12 mentors' pages\n/,
    );
    expect(await mentorsOf(port)).toEqual([]);
    expect(await removal({ DATA_DIR: demoDir })).toBe("There is no demo here.\n");
    await end(app.child, "SIGINT");
    // At rest as well.
    expect(await removal({ DATA_DIR: demoDir })).toBe("There is no demo here.\n");

    // Not even where it is asked for.
    const wanted = await startHere({ DEMO_DATA: "on" });
    expect(wanted.seen).toEqual({ mentors: 0, logins: false });
    expect(wanted.app.output()).toContain("DEMO_DATA=on has no effect");
    await end(wanted.app.child, "SIGINT");
    const open = await startHere({ HOST: "0.0.0.0", PUBLIC_URL: "https://book.example.com" });
    expect(open.seen).toEqual({ mentors: 0, logins: false });
    await end(open.app.child, "SIGINT");
  });

  it("is removed from a database of DATABASE_URL", async () => {
    await withOwnDatabase("own_demo", templateName, { DEMO_DATA: "on" }, async (_app, port, owner) => {
      expect(await mentorsOf(port)).toHaveLength(12);
      const { adminUrl } = inject("postgres");
      const url = Object.assign(new URL(adminUrl), { pathname: `/${owner.database}` }).href;
      expect(await removal({ DATA_DIR: demoDir, DATABASE_URL: url })).toContain("15 people");
      expect(await mentorsOf(port)).toEqual([]);
    });
  });

  it("is absent where the app has never started, and no tables are made there", async () => {
    const { adminUrl } = inject("postgres");
    const admin = new pg.Client({ connectionString: adminUrl });
    await admin.connect();
    await admin.query("create database never_started");
    const url = Object.assign(new URL(adminUrl), { pathname: "/never_started" }).href;
    expect(await removal({ DATABASE_URL: url })).toBe("There is no demo here.\n");
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const made = "select from pg_namespace where nspname in ('private', 'auth')";
    expect((await client.query(made)).rowCount).toBe(0);
    await client.end();
    await admin.query("drop database never_started");
    await admin.end();
  });
});
