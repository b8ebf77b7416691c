import { createHash, randomUUID } from "node:crypto";
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { describeSchema } from "../../../db/describeSchema.ts";
import { bookAny } from "../../testing/booking.ts";
import { ledgerFaults } from "../../testing/ledger.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../../testing/testApp.ts";
import { copyIn, copyOut } from "./copyStreams.ts";
import type { Manifest } from "./manifest.ts";
import { withClient } from "./places.ts";
import { restoreBackup } from "./restoreBackup.ts";
import { listBackups, removeOldBackups } from "./retention.ts";
import { type Backup, writeBackup } from "./writeBackup.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
let another: Person;
let parent: string;
beforeAll(async () => {
  test = await openTestApp({ caps: "kept" });
  mentor = await test.makeMentor();
  [student, another] = (await test.signUpCrowd(2)) as [Person, Person];
  for (let count = 0; count < 3; count++) await bookAny(student, mentor);
  parent = mkdtempSync(join(tmpdir(), "matepeak-backups-"));
});
afterAll(async () => {
  rmSync(parent, { recursive: true, force: true });
  await test.close();
});

let count = 0;
/** An empty database on the run's server, for as long as the work takes. */
async function inEmptyDatabase<T>(work: (owner: Client) => Promise<T>): Promise<T> {
  const name = `restored_${process.pid}_${++count}`;
  await test.db.owner.query(`create database ${name}`);
  const url = Object.assign(new URL(test.db.ownerUrl), { pathname: `/${name}` }).href;
  try {
    return await withClient(url, work);
  } finally {
    await test.db.owner.query(`drop database ${name} with (force)`);
  }
}

const backUp = (options = {}): Promise<Backup> =>
  withClient(test.db.ownerUrl, (owner) => writeBackup(owner, parent, options));

describe("a backup that is restored", () => {
  it("is the state of one moment while bookings go on", async () => {
    const before = await test.countRows();
    const { folder, manifest } = await backUp({
      onSnapshot: async () => {
        for (let more = 0; more < 3; more++) await bookAny(another, mentor);
      },
    });
    const rowsOf = (name: string) => manifest.tables.find((table) => table.name === name)?.rows;
    for (const [name, rows] of Object.entries(before)) {
      expect([name, rowsOf(name)]).toEqual([name, name === "auth.sessions" ? undefined : rows]);
    }
    expect((await test.countRows())["public.bookings"]).toBe((before["public.bookings"] ?? 0) + 3);
    await inEmptyDatabase(async (owner) => {
      await restoreBackup(owner, folder);
      expect(await ledgerFaults(owner)).toEqual([]);
      const { rows } = await owner.query("select count(*)::int as bookings from public.bookings");
      expect(rows).toEqual([{ bookings: before["public.bookings"] }]);
      expect(await describeSchema(owner)).toBe(manifest.schema);
    });
  });

  it("holds no session and no code, and takes none from an older backup that has them", async () => {
    const { folder, manifest } = await backUp();
    const files = readdirSync(folder);
    expect(files).toContain("auth.users.copy.gz");
    expect(files.filter((name) => /^auth.*(session|verification)/.test(name))).toEqual([]);
    const id = randomUUID();
    const row = gzipSync(`${id}\t${student.id}\tplain-token\t2099-01-01 00:00:00+00\n`);
    const file = "auth.sessions.copy.gz";
    writeFileSync(join(folder, file), row);
    const sessions = {
      name: "auth.sessions",
      columns: ["id", "user_id", "token", "expires_at"],
      ...{ file, bytes: row.length, rows: 1, sums: {}, checksum: "1" },
      sha256: createHash("sha256").update(row).digest("hex"),
    };
    const tables = [...manifest.tables, sessions];
    writeFileSync(join(folder, "manifest.json"), JSON.stringify({ ...manifest, tables }));
    await inEmptyDatabase(async (owner) => {
      await restoreBackup(owner, folder);
      expect((await owner.query("select from auth.sessions")).rowCount).toBe(0);
      expect((await owner.query("select from auth.users where id = $1", [student.id])).rowCount).toBe(1);
    });
  });

  it("restores the queue without held jobs, and continues the sequences", async () => {
    await test.db.owner.query("select private.enqueue('check_all_alerts')");
    await test.db.owner.query(
      "update graphile_worker._private_jobs set locked_at = now(), locked_by = 'a worker'",
    );
    const { folder } = await backUp();
    await inEmptyDatabase(async (owner) => {
      await restoreBackup(owner, folder);
      const { rows } = await owner.query(
        "select count(*) > 0 as some, count(locked_at)::int as locked from graphile_worker._private_jobs",
      );
      expect(rows).toEqual([{ some: true, locked: 0 }]);
      // A sequence behind its rows would fail here.
      await owner.query("select private.enqueue('check_all_alerts')");
      const ahead = await owner.query(
        "select nextval('public.booking_events_id_seq') > max(id) as ahead from public.booking_events",
      );
      expect(ahead.rows).toEqual([{ ahead: true }]);
      const triggers = await owner.query("select from pg_trigger where tgenabled <> 'O'");
      expect(triggers.rowCount).toBe(0);
    });
  });

  it("keeps every kind of value, to the byte", async () => {
    const odd = "tab\t, line\n, \\N, \\., quote \" ' and ✓ नमस्ते";
    await test.db.owner.query("update public.expert_profiles set bio = $1 where id = $2", [odd, mentor.id]);
    const { folder } = await backUp();
    await inEmptyDatabase(async (owner) => {
      await restoreBackup(owner, folder);
      const { rows } = await owner.query("select bio from public.expert_profiles where id = $1", [mentor.id]);
      expect(rows).toEqual([{ bio: odd }]);
    });
  });
});

describe("the folder", () => {
  it("is for its owner alone, is named when it is whole, and names no password", async () => {
    const { folder } = await backUp();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const { password } = new URL(test.db.ownerUrl);
    expect(password.length).toBeGreaterThan(10);
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const bytes = readFileSync(path);
      expect((name.endsWith(".gz") ? gunzipSync(bytes) : bytes).includes(password)).toBe(false);
    }
    expect(readdirSync(parent).filter((name) => name.includes("unfinished"))).toEqual([]);
  });

  it("is not there when the backup failed", async () => {
    const before = readdirSync(parent);
    const failing = backUp({
      onSnapshot: () => Promise.reject(new Error("the disk is full")),
    });
    await expect(failing).rejects.toThrow("the disk is full");
    expect(readdirSync(parent)).toEqual(before);
  });

  it("keeps the newest, and touches nothing that is no backup", async () => {
    const backups = mkdtempSync(join(parent, "retention-"));
    const names = ["01", "02", "03"].map((day) => `matepeak-2026-01-${day}T00-00-00-000Z`);
    for (const name of names) writeFileSync(join(backups, name), "");
    writeFileSync(join(backups, "matepeak-notes.txt"), "keep");
    expect(await removeOldBackups(backups, 2)).toEqual([names[0]]);
    expect(await listBackups(backups)).toEqual([names[2], names[1]]);
    expect(readdirSync(backups)).toContain("matepeak-notes.txt");
  });
});

describe("a restore refuses", () => {
  let folder: string;
  let manifest: Manifest;
  beforeEach(async () => {
    ({ folder, manifest } = await backUp());
  });
  const write = (changed: unknown) => writeFileSync(join(folder, "manifest.json"), JSON.stringify(changed));
  const refusal = () => inEmptyDatabase((owner) => restoreBackup(owner, folder));

  it("a damaged file", async () => {
    appendFileSync(join(folder, "public.bookings.copy.gz"), "x");
    await expect(refusal()).rejects.toThrow("public.bookings.copy.gz of the backup is damaged");
  });
  it("a missing file", async () => {
    rmSync(join(folder, "public.bookings.copy.gz"));
    await expect(refusal()).rejects.toThrow("public.bookings.copy.gz of the backup cannot be read");
  });
  it("a half manifest", async () => {
    writeFileSync(join(folder, "manifest.json"), '{"format": 1');
    await expect(refusal()).rejects.toThrow("is not a backup that can be read");
  });
  it("a database that is not empty", async () => {
    await expect(withClient(test.db.ownerUrl, (owner) => restoreBackup(owner, folder))).rejects.toThrow(
      "The target is not empty",
    );
  });
  it("a backup of newer code", async () => {
    write({ ...manifest, migrations: [...manifest.migrations, { name: "9999_later.sql", checksum: "?" }] });
    await expect(refusal()).rejects.toThrow("another version of MatePeak (migration 9999_later.sql)");
  });
  it("rows that are not those of the manifest, and leaves none of them", async () => {
    write({
      ...manifest,
      tables: manifest.tables.map((table) =>
        table.name === "public.bookings" ? { ...table, rows: table.rows + 1 } : table,
      ),
    });
    await inEmptyDatabase(async (owner) => {
      await expect(restoreBackup(owner, folder)).rejects.toThrow(/public.bookings has \d+ rows instead of/);
      expect((await owner.query("select from public.bookings")).rowCount).toBe(0);
    });
  });
  it("a table without its rows: foreign keys are checked", async () => {
    const empty = gzipSync("");
    writeFileSync(join(folder, "public.services.copy.gz"), empty);
    const sha256 = createHash("sha256").update(empty).digest("hex");
    write({
      ...manifest,
      tables: manifest.tables.map((table) =>
        table.name === "public.services" ? { ...table, sha256 } : table,
      ),
    });
    await expect(refusal()).rejects.toMatchObject({ code: "23503" });
  });
});

describe("COPY as a stream", () => {
  it("waits for a reader that is slow and a writer that is fast", async () => {
    await withClient(test.db.ownerUrl, async (owner) => {
      await owner.query("create temporary table numbers (id int, text text)");
      const rows = Array.from({ length: 20_000 }, (_, id) => `${id}\t${"x".repeat(40)}\n`);
      const taking = copyIn(owner, "copy numbers from stdin");
      await pipeline(Readable.from(rows), taking);
      expect(taking.rows).toBe(rows.length);
      let bytes = 0;
      const giving = copyOut(owner, "copy numbers to stdout");
      const slow = new Writable({
        highWaterMark: 1024,
        write(chunk: Buffer, _encoding, done) {
          bytes += chunk.length;
          setImmediate(done);
        },
      });
      await pipeline(giving, slow);
      expect([giving.rows, bytes]).toEqual([rows.length, rows.join("").length]);
    });
  });

  it("fails with the database's word, and the connection stays of use", async () => {
    await withClient(test.db.ownerUrl, async (owner) => {
      await expect(pipeline(copyOut(owner, "copy nowhere to stdout"), new Writable())).rejects.toMatchObject({
        code: "42P01",
      });
      await owner.query("create temporary table numbers (id int)");
      const bad = pipeline(Readable.from(["1\nx\n"]), copyIn(owner, "copy numbers from stdin"));
      await expect(bad).rejects.toMatchObject({ code: "22P02" });
      const broken = new Readable({ read: () => broken.destroy(new Error("unplugged")) });
      await expect(pipeline(broken, copyIn(owner, "copy numbers from stdin"))).rejects.toThrow("unplugged");
      expect((await owner.query("select from numbers")).rowCount).toBe(0);
    });
  });
});
