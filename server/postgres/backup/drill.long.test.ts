import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { payment } from "#contract/payments.ts";
import { bookAny } from "../../testing/booking.ts";
import { openTestProvider } from "../../testing/paymentProvider.ts";
import { openTestApp, type Person, type TestApp } from "../../testing/testApp.ts";
import { describeDrill } from "./describeDrill.ts";
import { drill, passed } from "./drill.ts";
import { manifestName, readManifest } from "./manifest.ts";
import { withClient } from "./places.ts";
import { writeBackup } from "./writeBackup.ts";

// Whole servers and processes start here, on machines that may be busy.
vi.setConfig({ testTimeout: 120_000 });

let test: TestApp;
let parent: string;
let folder: string;
beforeAll(async () => {
  const provider = openTestProvider();
  const payments = { provider, collecting: { feeBasisPoints: 1_000 } };
  test = await openTestApp({ caps: "kept", payments });
  const mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  const [student] = (await test.signUpCrowd(1)) as [Person];
  const { id } = await bookAny(student, mentor);
  (await student.call("POST", `/bookings/${id}/payment/checkout`)).expect(200);
  const { id: paymentId } = (await student.call("GET", `/bookings/${id}/payment`)).read(payment);
  provider.pay(provider.orderOf(paymentId).id);
  (await student.call("POST", `/bookings/${id}/payment/refresh`)).expect(200);
  parent = mkdtempSync(join(tmpdir(), "matepeak-drill-"));
  ({ folder } = await withClient(test.db.ownerUrl, (owner) => writeBackup(owner, parent)));
});
afterAll(async () => {
  rmSync(parent, { recursive: true, force: true });
  await test.close();
});

const { PATH, HOME } = process.env;
/** The cache of `npm start`: the command runs ten times here. */
const compileCache = fileURLToPath(new URL("../../../node_modules/.cache/compile", import.meta.url));

/** The command as an operator runs it, with the environment it gets. */
function run(args: string[], env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
  const script = fileURLToPath(new URL("../../../scripts/backup.ts", import.meta.url));
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [script, ...args],
      { env: { PATH, HOME, NODE_COMPILE_CACHE: compileCache, DATA_DIR: join(parent, "no-data"), ...env } },
      (error, stdout, stderr) => {
        const code = typeof error?.code === "number" ? error.code : error ? 1 : 0;
        resolve({ code, output: stdout + stderr });
      },
    );
  });
}

it("finds a good backup good, and lists every check", async () => {
  const found = await drill(folder);
  expect(found.differences).toEqual([]);
  expect(found.checks.filter(({ holds }) => !holds)).toEqual([]);
  expect(found.checks.map(({ what }) => what)).toContain("a booking is made (a restored mentor)");
  expect(passed(found)).toBe(true);
  expect(describeDrill(found)).toMatch(/\| public\.bookings +\| 1 +\| 1 +\| 200000 +\| 200000 +\| same/);
  for (const table of [
    "public.payments",
    "public.payment_attempts",
    "public.documents",
    "private.ledger_transfers",
  ])
    expect(describeDrill(found)).toMatch(new RegExp(`\\| ${table} +\\| 1 +\\| 1 +\\|.*\\| same`));
});

it("twin: what changed in between is found: rows, money, sequences", async () => {
  const found = await drill(folder, {
    onRestored: async (owner) => {
      await owner.query("set session_replication_role = replica");
      await owner.query("update public.bookings set message = 'Something else'");
      await owner.query(
        "update public.service_durations set price_minor = price_minor + 1 where minutes = 60",
      );
      await owner.query("delete from public.booking_events");
      await owner.query("select setval('public.booking_events_id_seq', 1, false)");
    },
  });
  const differences = found.differences.join("; ");
  expect(differences).toContain("public.bookings has rows that differ");
  expect(differences).toContain("public.service_durations.price_minor adds up to 600001 instead of 600000");
  expect(differences).toMatch(/public.booking_events has 0 rows instead of [1-9]/);
  expect(differences).toContain("public.booking_events_id_seq");
  expect(passed(found)).toBe(false);
  expect(describeDrill(found)).toContain("can NOT be relied on");
});

it("twin: a lost constraint and an open table are found", async () => {
  const found = await drill(folder, {
    onRestored: async (owner) => {
      await owner.query("alter table public.occupancies drop constraint occupancies_no_overlap");
      await owner.query("alter table public.bookings disable row level security");
    },
  });
  expect(found.checks.filter(({ holds }) => !holds).map(({ what }) => what)).toEqual([
    "the schema is the one backed up (constraints, policies, grants, triggers)",
    "migrated, the schema is db/schema.snapshot.sql",
    "taken time twice, past the app",
    "bookings that a stranger sees",
  ]);
  expect(passed(found)).toBe(false);
});

it("the command's exit code reports a wrong backup", async () => {
  const file = join(folder, "public.bookings.copy.gz");
  const changed = gzipSync(
    gunzipSync(readFileSync(file)).toString().replaceAll("\t200000\t2000.00\t", "\t200100\t2001.00\t"),
  );
  const manifest = await readManifest(folder);
  const sha256 = createHash("sha256").update(changed).digest("hex");
  const tables = manifest.tables.map((table) =>
    table.name === "public.bookings" ? { ...table, sha256 } : table,
  );
  writeFileSync(file, changed);
  writeFileSync(join(folder, manifestName), JSON.stringify({ ...manifest, tables }));
  const bad = await run(["drill", folder]);
  expect(bad.output).toContain("public.bookings.total_minor adds up to 200100 instead of 200000");
  expect(bad.code).toBe(1);
});

it("backs up a given server and restores into a new data folder, where there is none yet", async () => {
  const to = join(parent, "kept");
  const given = { DATABASE_URL: test.db.ownerUrl };
  for (let count = 0; count < 2; count++) {
    expect(await run(["backup", "--to", to, "--keep", "1"], given)).toMatchObject({ code: 0 });
  }
  const [name = ""] = readdirSync(to);
  expect(readdirSync(to)).toHaveLength(1);
  const { pathname: dataDir } = new URL(`file://${mkdtempSync("/tmp/matepeak-restored-")}`);
  try {
    expect(await run(["backup"], { DATA_DIR: dataDir })).toEqual({
      code: 1,
      output: `There is no database in ${dataDir} yet.\n`,
    });
    const restored = await run(["restore", join(to, name)], { DATA_DIR: dataDir });
    expect(restored.output).toContain("is restored and every row compared");
    const again = await run(["restore", join(to, name)], { DATA_DIR: dataDir });
    expect([again.code, again.output]).toEqual([1, expect.stringContaining("There is a database already")]);
    // The server is stopped now; it is started for the backup and stopped again.
    const own = await run(["backup"], { DATA_DIR: dataDir });
    expect(own).toMatchObject({ code: 0, output: expect.stringContaining(join(dataDir, "backups")) });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

it("reports what is wrong with its arguments", async () => {
  const wrong = [
    [["backup", "--keep", "none"], "--keep needs a whole number"],
    [["restore"], "npm run restore -- <backup>"],
    [["drill", "/nowhere"], "/nowhere is not a backup that can be read."],
  ] as const;
  await Promise.all(
    wrong.map(async ([args, line]) => {
      const { code, output } = await run([...args]);
      expect([code, output]).toEqual([1, expect.stringContaining(line)]);
    }),
  );
});
