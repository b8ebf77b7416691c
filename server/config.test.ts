import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { StartupError } from "./startupError.ts";

const folder = mkdtempSync(join(tmpdir(), "matepeak-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secret = "x".repeat(32);
const given = { DATABASE_URL: "postgres://u:p@db.example/matepeak", AUTH_SECRET: secret, DATA_DIR: folder };

describe("the environment", () => {
  it("may be empty: everything has a default", () => {
    expect(readConfig({ DATA_DIR: join(folder, "new") })).toMatchObject({
      port: 3000,
      host: "localhost",
      dataDir: join(folder, "new"),
      databaseUrl: undefined,
      publicUrl: "http://localhost:3000",
      demoData: undefined,
      rateLimit: true,
      trustProxy: false,
      logLevel: "info",
    });
  });

  it("says all of it when it is set; empty means not set", () => {
    const config = readConfig({
      ...given,
      PORT: "8080",
      HOST: "0.0.0.0",
      PUBLIC_URL: "https://matepeak.example/",
      DEMO_DATA: "off",
      RATE_LIMIT: "off",
      TRUST_PROXY: "on",
      LOG_LEVEL: "debug",
    });
    expect(config).toMatchObject({
      port: 8080,
      host: "0.0.0.0",
      databaseUrl: given.DATABASE_URL,
      publicUrl: "https://matepeak.example",
      demoData: false,
      rateLimit: false,
      trustProxy: true,
      logLevel: "debug",
      authSecret: secret,
    });
    expect(readConfig({ ...given, PORT: "", RATE_LIMIT: "" })).toMatchObject({ port: 3000, rateLimit: true });
  });

  it.each([
    ["PORT", "http"],
    ["PORT", "70000"],
    ["PORT", "-1"],
    ["PORT", "80.5"],
    ["DATABASE_URL", "mysql://u:p@host/db"],
    ["DATABASE_URL", "localhost"],
    ["PUBLIC_URL", "matepeak.example"],
    ["PUBLIC_URL", "ftp://matepeak.example"],
    ["DEMO_DATA", "yes"],
    ["RATE_LIMIT", "1"],
    ["TRUST_PROXY", "true"],
    ["LOG_LEVEL", "loud"],
    ["AUTH_SECRET", "too short"],
  ])("%s=%s is refused by its name", (name, value) => {
    const read = () => readConfig({ ...given, [name]: value });
    expect(read).toThrow(StartupError);
    expect(read).toThrow(new RegExp(`^${name} \\S`));
  });

  it("must hold the secret when it names a database", () => {
    expect(() => readConfig({ ...given, AUTH_SECRET: undefined })).toThrow(/^AUTH_SECRET must be given/);
  });

  it("does not repeat a wrong secret or password in what it says", () => {
    const read = () =>
      readConfig({ ...given, AUTH_SECRET: "hunter2", DATABASE_URL: "postgres//u:hunter2@host" });
    expect(read).toThrow(StartupError);
    expect(read).not.toThrow(/hunter2/);
  });
});

describe("the development secret", () => {
  it("is made once, kept for its owner alone, and used again", () => {
    const dataDir = join(folder, "secret");
    const first = readConfig({ DATA_DIR: dataDir }).authSecret;
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(readConfig({ DATA_DIR: dataDir }).authSecret).toBe(first);
    expect(readFileSync(join(dataDir, "auth-secret"), "utf8").trim()).toBe(first);
    expect(statSync(join(dataDir, "auth-secret")).mode & 0o077).toBe(0);
    expect(readConfig({ DATA_DIR: join(folder, "another") }).authSecret).not.toBe(first);
  });

  it("needs a folder that is one", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => readConfig({ DATA_DIR: file })).toThrow(/^DATA_DIR .*cannot be/);
  });
});
