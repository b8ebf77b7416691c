import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { isOpenToOthers, projectRoot, readConfig, readPlace } from "./config.ts";
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
      givenDatabase: undefined,
      publicUrl: "http://localhost:3000",
      demoData: undefined,
      rateLimit: true,
      trustProxy: false,
      logLevel: "info",
      maxInFlight: 500,
      drainSeconds: 0,
      google: undefined,
      payments: "sandbox",
      feeBasisPoints: 1000,
      calendarStaleMinutes: 30,
    });
  });

  it("says how old busy times of connected calendars may be, but not less than a few reads take", () => {
    const stale = (minutes: string) =>
      readConfig({ ...given, CALENDAR_STALE_MINUTES: minutes }).calendarStaleMinutes;
    expect([stale("10"), stale("120")]).toEqual([10, 120]);
    for (const wrong of ["9", "1441", "1.5", "soon"]) expect(() => stale(wrong)).toThrow(StartupError);
  });

  it("keeps the accounts itself, or leaves them to a Supabase project", () => {
    const supabase = {
      ...given,
      AUTH: "supabase",
      SUPABASE_URL: "https://project.supabase.co/",
      SUPABASE_PUBLISHABLE_KEY: "sb_publishable_0123456789",
    };
    expect(readConfig(given).supabase).toBeUndefined();
    expect(readConfig(supabase).supabase).toEqual({
      url: "https://project.supabase.co",
      publishableKey: "sb_publishable_0123456789",
      secretKey: undefined,
      jwtSecret: undefined,
    });
    expect(readConfig({ ...supabase, SUPABASE_JWT_SECRET: secret }).supabase?.jwtSecret).toBe(secret);
    const { SUPABASE_URL: _url, ...withoutUrl } = supabase;
    const { DATABASE_URL: _database, ...embedded } = supabase;
    for (const incomplete of [withoutUrl, embedded])
      expect(() => readConfig(incomplete)).toThrow(/must be given together with AUTH=supabase/);
    expect(() => readConfig({ ...supabase, SUPABASE_URL: "http://project.supabase.co" })).toThrow(
      /must be https/,
    );
    expect(() => readConfig({ ...supabase, DEMO_DATA: "on" })).toThrow(/^DEMO_DATA=on is refused/);
    expect(() => readConfig({ ...supabase, SUPABASE_JWT_SECRET: "short" })).toThrow(
      /^SUPABASE_JWT_SECRET must/,
    );
    expect(() => readConfig({ ...given, AUTH: "other" })).toThrow(/^AUTH /);
  });

  it.each([
    [{}, false],
    [{ HOST: "127.0.0.1", PUBLIC_URL: "http://127.0.0.1:3000" }, false],
    [{ HOST: "0.0.0.0" }, true],
    [{ HOST: "::" }, true],
    [{ HOST: "192.168.1.5" }, true],
    [{ PUBLIC_URL: "https://book.example.com" }, true],
  ])("opens the app to other machines, or not: %j", (env, isOpen) => {
    expect(isOpenToOthers(readConfig({ ...given, ...env }))).toBe(isOpen);
  });

  it("takes a value from a file, as secrets are handed to containers", () => {
    const file = join(folder, "database-url");
    writeFileSync(file, `${given.DATABASE_URL}\n`);
    const { DATABASE_URL: _given, ...others } = given;
    expect(readConfig({ ...others, DATABASE_URL_FILE: file }).givenDatabase?.ownerUrl).toBe(
      given.DATABASE_URL,
    );
    expect(() => readConfig({ ...given, DATABASE_URL_FILE: file })).toThrow(
      "DATABASE_URL and DATABASE_URL_FILE must not both be given",
    );
    expect(() => readConfig({ ...others, DATABASE_URL_FILE: join(folder, "none") })).toThrow(
      /^DATABASE_URL_FILE cannot be read/,
    );
  });

  it("leaves migrations to npm run migrate, with a database of one's own only", () => {
    expect(readConfig(given).givenDatabase?.ownerUrl).toBe(given.DATABASE_URL);
    expect(readConfig({ ...given, MIGRATE: "off" }).givenDatabase?.ownerUrl).toBe(undefined);
    expect(() => readConfig({ DATA_DIR: folder, MIGRATE: "off" })).toThrow(/^DATABASE_URL must be given/);
  });

  it("needs both of Google's credentials or neither", () => {
    const [GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET] = ["client", "secret"];
    expect(readConfig({ ...given, GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET }).google).toEqual({
      clientId: "client",
      clientSecret: "secret",
    });
    expect(() => readConfig({ ...given, GOOGLE_CLIENT_ID })).toThrow(/^GOOGLE_CLIENT_SECRET must/);
    expect(() => readConfig({ ...given, GOOGLE_CLIENT_SECRET })).toThrow(/^GOOGLE_CLIENT_ID must/);
  });

  it("needs both credentials of calendars at Google or neither, and says whether they are of an app that is tested", () => {
    const [GOOGLE_CALENDAR_CLIENT_ID, GOOGLE_CALENDAR_CLIENT_SECRET] = ["client", "secret"];
    const both = { ...given, GOOGLE_CALENDAR_CLIENT_ID, GOOGLE_CALENDAR_CLIENT_SECRET };
    const app = { clientId: "client", clientSecret: "secret" };
    expect(readConfig(given).googleCalendar).toBeUndefined();
    expect(readConfig(both).googleCalendar).toEqual({ ...app, isTesting: false });
    const testing = readConfig({ ...both, GOOGLE_CALENDAR_TESTING: "on" });
    expect(testing.googleCalendar).toEqual({ ...app, isTesting: true });
    expect(() => readConfig({ ...given, GOOGLE_CALENDAR_CLIENT_ID })).toThrow(
      /^GOOGLE_CALENDAR_CLIENT_SECRET must/,
    );
    expect(() => readConfig({ ...given, GOOGLE_CALENDAR_CLIENT_SECRET })).toThrow(
      /^GOOGLE_CALENDAR_CLIENT_ID must/,
    );
  });

  it("needs both credentials of calendars at Microsoft or neither, and says whose accounts they are for", () => {
    const [MICROSOFT_CALENDAR_CLIENT_ID, MICROSOFT_CALENDAR_CLIENT_SECRET] = ["client", "secret"];
    const both = { ...given, MICROSOFT_CALENDAR_CLIENT_ID, MICROSOFT_CALENDAR_CLIENT_SECRET };
    expect(readConfig(given).microsoftCalendar).toBeUndefined();
    expect(readConfig(both).microsoftCalendar).toEqual({
      clientId: "client",
      clientSecret: "secret",
      tenant: "common",
    });
    const tenant = "contoso.example";
    expect(readConfig({ ...both, MICROSOFT_CALENDAR_TENANT: tenant }).microsoftCalendar).toMatchObject({
      tenant,
    });
    expect(() => readConfig({ ...given, MICROSOFT_CALENDAR_CLIENT_ID })).toThrow(
      /^MICROSOFT_CALENDAR_CLIENT_SECRET must/,
    );
  });

  const razorpay = {
    RAZORPAY_KEY_ID: "rzp_live_abc",
    RAZORPAY_KEY_SECRET: `k${secret}`,
    RAZORPAY_WEBHOOK_SECRET: `w${secret}`,
  };
  const stripe = {
    STRIPE_SECRET_KEY: "sk_live_abc",
    STRIPE_PUBLISHABLE_KEY: "pk_live_abc",
    STRIPE_WEBHOOK_SECRET: "whsec_abc",
  };
  const razorpayConfig = {
    provider: "razorpay",
    keyId: "rzp_live_abc",
    keySecret: `k${secret}`,
    webhookSecret: `w${secret}`,
  };
  const stripeConfig = {
    provider: "stripe",
    secretKey: "sk_live_abc",
    publishableKey: "pk_live_abc",
    webhookSecret: "whsec_abc",
  };

  it.each([
    ["no keys", {}, "sandbox"],
    ["keys of Razorpay", razorpay, razorpayConfig],
    ["keys of Stripe", stripe, stripeConfig],
    ["keys of both", { ...stripe, ...razorpay }, razorpayConfig],
    ["keys of both and a choice", { ...stripe, ...razorpay, PAYMENTS: "stripe" }, stripeConfig],
    ["keys, but payments off", { ...stripe, ...razorpay, PAYMENTS: "off" }, "off"],
    ["keys, but the sandbox", { ...razorpay, PAYMENTS: "sandbox" }, "sandbox"],
  ])("chooses who takes payments, with %s", (_, variables, payments) => {
    expect(readConfig({ ...given, ...variables }).payments).toEqual(payments);
  });

  it.each(Object.keys({ ...razorpay, ...stripe }))("needs all keys of a provider or none: %s", (missing) => {
    const keys = missing.startsWith("RAZORPAY") ? razorpay : stripe;
    const read = (more: object) => () => readConfig({ ...given, ...keys, [missing]: "", ...more });
    expect(read({})).toThrow(new RegExp(`^${missing} must be given together with `));
    expect(read({ PAYMENTS: "off" })).toThrow(new RegExp(`^${missing} must be given`));
  });

  it("needs the keys of the provider that is chosen, and of one mode", () => {
    expect(() => readConfig({ ...given, PAYMENTS: "razorpay", ...stripe })).toThrow(/^RAZORPAY_KEY_ID must/);
    expect(() => readConfig({ ...given, PAYMENTS: "stripe" })).toThrow(/^STRIPE_SECRET_KEY must/);
    const mixed = { ...stripe, STRIPE_PUBLISHABLE_KEY: "pk_test_abc" };
    expect(() => readConfig({ ...given, ...mixed })).toThrow(
      /^STRIPE_PUBLISHABLE_KEY must be of the same mode/,
    );
  });

  it.each([
    ["0", 0],
    ["10", 1000],
    ["8.29", 829],
    ["2.5", 250],
    ["0.07", 7],
    ["100", 10_000],
    ["100.00", 10_000],
  ])(
    "takes PLATFORM_FEE_PERCENT=%s as %i hundredths of a percent",
    (PLATFORM_FEE_PERCENT, feeBasisPoints) => {
      expect(readConfig({ ...given, PLATFORM_FEE_PERCENT })).toMatchObject({ feeBasisPoints });
    },
  );

  it("knows who runs the platform, and by its GSTIN in which State", () => {
    expect(readConfig(given).platform).toEqual({
      legalName: "MatePeak",
      address: null,
      stateCode: null,
      gstin: null,
      sac: "998599",
      taxBasisPoints: 1800,
    });
    const PLATFORM_GSTIN = "27ABCDE1234F1Z0";
    const PLATFORM_ADDRESS = "1 MG Road\\nPune";
    const registered = { ...given, PLATFORM_GSTIN, PLATFORM_ADDRESS, PLATFORM_TAX_PERCENT: "12.5" };
    expect(readConfig(registered).platform).toMatchObject({
      address: "1 MG Road\nPune",
      stateCode: "27",
      gstin: PLATFORM_GSTIN,
      taxBasisPoints: 1250,
    });
    expect(() => readConfig({ ...registered, PLATFORM_STATE: "29" })).toThrow(/^PLATFORM_STATE must/);
    expect(() => readConfig({ ...given, PLATFORM_GSTIN })).toThrow(/^PLATFORM_ADDRESS must/);
  });

  it("needs a sender for a mail server", () => {
    const SMTP_URL = "smtp://user:password@mail.example:587";
    expect(readConfig({ ...given, SMTP_URL, MAIL_FROM: "hello@matepeak.example" })).toMatchObject({
      smtpUrl: SMTP_URL,
      mailFrom: "hello@matepeak.example",
      mailPerSecond: 20,
    });
    expect(() => readConfig({ ...given, SMTP_URL })).toThrow(/^MAIL_FROM must/);
    expect(() => readConfig({ ...given, SMTP_URL: "https://mail.example" })).toThrow(/^SMTP_URL must/);
    expect(() => readConfig({ ...given, MAIL_FROM: "MatePeak" })).toThrow(/^MAIL_FROM must/);
  });

  it.each([
    ["on a developer's machine", {}, true],
    ["under another name of that machine", { PUBLIC_URL: "http://127.0.0.1:8080" }, true],
    ["with a mail server", { SMTP_URL: "smtp://mail.example", MAIL_FROM: "hello@matepeak.example" }, false],
    ["for others", { PUBLIC_URL: "https://matepeak.example" }, false],
    ["for others who may", { PUBLIC_URL: "https://staging.example", DEV_MAIL: "on" }, true],
    ["on a developer's machine that may not", { DEV_MAIL: "off" }, false],
  ])("shows the local mailbox %s: %j, %s", (_, variables, shown) => {
    expect(readConfig({ ...given, ...variables }).devMail).toBe(shown);
  });

  it("reads all variables; an empty one counts as unset", () => {
    const config = readConfig({
      ...given,
      PORT: "8080",
      HOST: "0.0.0.0",
      PUBLIC_URL: "https://matepeak.example/",
      DEMO_DATA: "off",
      RATE_LIMIT: "off",
      TRUST_PROXY: "10.0.0.0/8, ::1",
      LOG_LEVEL: "debug",
      MAX_IN_FLIGHT: "2000",
      DRAIN_SECONDS: "12.5",
      METRICS_TOKEN: `m${secret}`,
    });
    expect(config).toMatchObject({
      port: 8080,
      host: "0.0.0.0",
      givenDatabase: {
        ownerUrl: given.DATABASE_URL,
        urls: { url: given.DATABASE_URL, listenUrl: given.DATABASE_URL },
      },
      publicUrl: "https://matepeak.example",
      demoData: false,
      rateLimit: false,
      trustProxy: ["10.0.0.0/8", "::1"],
      logLevel: "debug",
      authSecret: secret,
      maxInFlight: 2000,
      drainSeconds: 12.5,
      metricsToken: `m${secret}`,
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
    ["DATABASE_URL", "postgres://u:p@host/db?options=-c%20role%3Downer"],
    ["QUEUE_URL", "postgres://u:100%@host/db"],
    ["PGOPTIONS", "-c search_path=theirs"],
    ["APP_URL", "postgres://u@a,,b/x"],
    ["VISITORS_URL", "postgres://u@a,b/x?target_session_attrs=replica"],
    ["PUBLIC_URL", "matepeak.example"],
    ["PUBLIC_URL", "ftp://matepeak.example"],
    ["DEMO_DATA", "yes"],
    ["RATE_LIMIT", "1"],
    ["TRUST_PROXY", "on"],
    ["TRUST_PROXY", "true"],
    ["TRUST_PROXY", "0"],
    ["TRUST_PROXY", "11"],
    ["TRUST_PROXY", "1.5"],
    ["TRUST_PROXY", "proxy.example"],
    ["TRUST_PROXY", "0.0.0.0/0"],
    ["TRUST_PROXY", "::/0"],
    ["TRUST_PROXY", "10.0.0.0/33"],
    ["TRUST_PROXY", "10.0.0.1,"],
    ["LOG_LEVEL", "loud"],
    ["AUTH_SECRET", "too short"],
    ["METRICS_TOKEN", "too short"],
    ["MICROSOFT_CALENDAR_TENANT", "a/b"],
    ["MAX_IN_FLIGHT", "0"],
    ["DRAIN_SECONDS", "-1"],
    ["DRAIN_SECONDS", "a minute"],
    ["PAYMENTS", "on"],
    ["PAYMENTS", "paypal"],
    ["RAZORPAY_KEY_ID", "key"],
    ["RAZORPAY_KEY_SECRET", "short"],
    ["RAZORPAY_WEBHOOK_SECRET", "short"],
    ["STRIPE_SECRET_KEY", "pk_live_abc"],
    ["STRIPE_PUBLISHABLE_KEY", "sk_live_abc"],
    ["STRIPE_WEBHOOK_SECRET", "secret"],
    ["PLATFORM_FEE_PERCENT", "-1"],
    ["PLATFORM_FEE_PERCENT", "100.01"],
    ["PLATFORM_FEE_PERCENT", "2.555"],
    ["PLATFORM_FEE_PERCENT", "1e1"],
    ["PLATFORM_FEE_PERCENT", "10 %"],
    ["PLATFORM_GSTIN", "27ABCDE1234F1Z1"],
    ["PLATFORM_STATE", "99"],
    ["PLATFORM_SAC", "12"],
    ["PLATFORM_TAX_PERCENT", "101"],
  ])("%s=%s is refused by its name", (name, value) => {
    const read = () => readConfig({ ...given, [name]: value });
    expect(read).toThrow(StartupError);
    expect(read).toThrow(new RegExp(`^${name} \\S`));
  });

  it.each([
    ["off", false],
    ["1", 1],
    ["2", 2],
    ["192.0.2.7", ["192.0.2.7"]],
    ["loopback, 10.0.0.0/8,2001:db8::/32", ["loopback", "10.0.0.0/8", "2001:db8::/32"]],
  ])("takes TRUST_PROXY=%s", (value, trustProxy) => {
    expect(readConfig({ ...given, TRUST_PROXY: value })).toMatchObject({ trustProxy });
  });

  it("explains why TRUST_PROXY=on is refused, and what to write instead", () => {
    const read = () => readConfig({ ...given, TRUST_PROXY: "on" });
    expect(read).toThrow(/^TRUST_PROXY must not be "on": .*any address that a client claims.*such as 1/);
  });

  it("must hold the secret when it names a database", () => {
    expect(() => readConfig({ ...given, AUTH_SECRET: undefined })).toThrow(/^AUTH_SECRET must be given/);
  });

  it("takes a URL for each purpose, and DATABASE_URL for the others", () => {
    const url = (host: string) => `postgres://u:p@${host}/matepeak`;
    const names = ["OWNER_URL", "APP_URL", "VISITORS_URL", "ACCOUNTS_URL", "QUEUE_URL", "LISTEN_URL"];
    const separate = Object.fromEntries(names.map((name) => [name, url(name)]));
    const { givenDatabase } = readConfig({ ...separate, AUTH_SECRET: secret, DATA_DIR: folder });
    expect(givenDatabase).toEqual({
      ownerUrl: url("OWNER_URL"),
      urls: {
        url: url("APP_URL"),
        visitorsUrl: url("VISITORS_URL"),
        accountsUrl: url("ACCOUNTS_URL"),
        queueUrl: url("QUEUE_URL"),
        listenUrl: url("LISTEN_URL"),
      },
    });
    const some = readConfig({ ...given, VISITORS_URL: url("a:5432,b:5433") }).givenDatabase;
    expect(some).toMatchObject({
      ownerUrl: given.DATABASE_URL,
      urls: { visitorsUrl: url("a:5432,b:5433"), queueUrl: given.DATABASE_URL },
    });
    expect(readConfig({ ...given, REPLICA_URL: url("standby") }).givenDatabase?.urls).toMatchObject({
      visitorsUrl: given.DATABASE_URL,
      replicaUrl: url("standby"),
    });
    expect(() => readConfig({ ...separate, AUTH_SECRET: secret, QUEUE_URL: "" })).toThrow(
      /^QUEUE_URL or DATABASE_URL must be given together with APP_URL/,
    );
    expect(() => readConfig({ ...separate, DATA_DIR: folder })).toThrow(/^AUTH_SECRET must be given/);
    const unowned = { ...separate, OWNER_URL: "", AUTH_SECRET: secret, DATA_DIR: folder };
    expect(() => readConfig(unowned)).toThrow(
      /^OWNER_URL or DATABASE_URL must be given together with APP_URL/,
    );
    expect(readConfig({ ...unowned, MIGRATE: "off" }).givenDatabase?.ownerUrl).toBe(undefined);
    expect(readPlace({ ...given, OWNER_URL: url("owner") })).toEqual({
      dataDir: folder,
      ownerUrl: url("owner"),
    });
  });

  it("opens no figures by itself when it names a database, and leaves time to be missed", () => {
    expect(readConfig(given)).toMatchObject({ metricsToken: undefined, drainSeconds: 5 });
  });

  it("does not repeat a wrong secret or password in the error", () => {
    const read = () =>
      readConfig({ ...given, AUTH_SECRET: "hunter2", DATABASE_URL: "postgres//u:hunter2@host" });
    expect(read).toThrow(StartupError);
    expect(read).not.toThrow(/hunter2/);
    const names = [...Object.keys(razorpay), ...Object.keys(stripe)];
    for (const name of names) {
      expect(() => readConfig({ ...given, [name]: "hunter2 !" })).toThrow(StartupError);
      expect(() => readConfig({ ...given, [name]: "hunter2 !" })).not.toThrow(/hunter2/);
    }
  });
});

describe("a development secret", () => {
  it.each([
    ["authSecret", "auth-secret"],
    ["metricsToken", "metrics-token"],
  ] as const)("(%s) is made once, kept for its owner alone, and used again", (name, file) => {
    const dataDir = join(folder, `of ${name}`);
    const first = readConfig({ DATA_DIR: dataDir })[name] ?? "";
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(readConfig({ DATA_DIR: dataDir })[name]).toBe(first);
    expect(readFileSync(join(dataDir, file), "utf8").trim()).toBe(first);
    expect(statSync(join(dataDir, file)).mode & 0o077).toBe(0);
    expect(readConfig({ DATA_DIR: join(folder, `another of ${name}`) })[name]).not.toBe(first);
  });

  it("needs a folder that is one", () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    expect(() => readConfig({ DATA_DIR: file })).toThrow(/^DATA_DIR .*cannot be/);
  });
});

it("keeps data in the project's own folder, not in one of its code's", () => {
  const project = fileURLToPath(new URL("../..", import.meta.url));
  expect(existsSync(join(project, "package.json"))).toBe(true);
  expect(projectRoot).toBe(project);
});
