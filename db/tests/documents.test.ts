import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rewriteFunction, whileRewritten } from "../../server/testing/rewriteFunction.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { type Actor, app, attempt, denied, signedIn, verdict, visitor } from "./actor.ts";
import { insertInto, mentor, otherMentor, otherStudent, plantWorld, student, type Values } from "./world.ts";

let db: TestDatabase;
/** Without the checks of foreign keys: the numbers do not depend on what a document is about. */
let pool: pg.Pool;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  pool = new pg.Pool({
    connectionString: db.ownerUrl,
    max: 50,
    options: "-c session_replication_role=replica",
  });
  // The database is dropped while the last of the connections may still be closing.
  pool.on("error", () => undefined);
});
afterAll(async () => {
  await pool.end();
  await db.drop();
});

interface Wish {
  issuer?: string;
  kind?: "receipt" | "fee_invoice" | "credit_note" | "fee_credit_note";
  /** The id of the payment, refund or booking. */
  about?: string;
  sandbox?: boolean;
  at?: string;
}

interface Issued {
  id: string;
  number: string;
  ordinal: number;
  issued_at: Date;
}

async function issue(client: pg.ClientBase | pg.Pool, wish: Wish = {}): Promise<Issued> {
  const { issuer = mentor, kind = "receipt", about = randomUUID(), sandbox = false, at = null } = wish;
  const reader = kind === "fee_invoice" || kind === "fee_credit_note" ? issuer : student;
  const place = (wanted: string) => (kind === wanted ? about : null);
  const { rows } = await client.query<{ id: string }>(
    "select private.issue_document($1, $2, $3, $4, $5, $6, 'INR', 100, $7, '{}', $8) as id",
    [
      issuer,
      reader,
      kind,
      place("fee_invoice"),
      place("receipt"),
      place("credit_note") ?? place("fee_credit_note"),
      sandbox,
      at,
    ],
  );
  const found = await client.query<Issued>(
    "select id, number, number_in_series as ordinal, issued_at from public.documents where id = $1",
    [rows[0]?.id],
  );
  return found.rows[0]!;
}

/** Runs in a transaction that ends as told, after a moment in which the others come. */
async function during<T>(outcome: "commit" | "rollback", work: (client: pg.ClientBase) => Promise<T>) {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const result = await work(client);
    await client.query("select pg_sleep(0.005)");
    await client.query(outcome);
    return result;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

/** Issues 50 at once, every second of which is rolled back. Returns the numbers of those that were not, in order. */
async function issueCrowd(wish: (index: number) => Wish): Promise<number[]> {
  const all = Array.from({ length: 50 }, async (_, index) => {
    const outcome = index % 2 === 0 ? "commit" : "rollback";
    const { ordinal } = await during(outcome, (client) => issue(client, wish(index)));
    return outcome === "commit" ? [ordinal] : [];
  });
  // Also when one fails, the others end before the next test.
  await Promise.allSettled(all);
  return (await Promise.all(all)).flat().sort((one, other) => one - other);
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const year = { at: "2031-06-01T00:00:00Z" };

describe("numbers", () => {
  it("have no gap and no double with 50 issued at once and half of them rolled back", async () => {
    expect(await issueCrowd(() => year)).toEqual(upTo(25));
    const platform = (index: number): Wish => ({
      ...year,
      kind: "fee_invoice",
      issuer: index % 4 < 2 ? mentor : otherMentor,
    });
    expect(await issueCrowd(platform)).toEqual(upTo(25));
  });

  it("twin: a sequence leaves gaps", async () => {
    const at = "2032-06-01T00:00:00Z";
    await issue(pool, { at });
    await db.owner.query("create sequence private.receipts start 2");
    const line = "else current.last_number + 1 end";
    const numbers = await whileRewritten(
      db,
      ["private.issue_document", line],
      "else nextval('private.receipts') end",
      () => issueCrowd(() => ({ at })),
    );
    expect(numbers).not.toEqual(upTo(26).slice(1));
    expect(new Set(numbers).size).toBe(25);
  });

  it("twin: without the lock, two transactions take the same number", async () => {
    const line = " for update;";
    const restore = await rewriteFunction(db, "private.issue_document", line, ";");
    const crowd = issueCrowd(() => ({ at: "2033-06-01T00:00:00Z" }));
    await expect(crowd.finally(restore)).rejects.toMatchObject({ constraint: "documents_number_key" });
  });

  it("are one per cause, also when asked twenty times at once", async () => {
    const about = randomUUID();
    const wish = { issuer: otherMentor, about, ...year };
    const answers = await Promise.all(upTo(20).map(() => during("commit", (client) => issue(client, wish))));
    expect(new Set(answers.map(({ number }) => number)).size).toBe(1);
    expect((await issue(pool, { issuer: otherMentor, ...year })).ordinal).toBe(answers[0]!.ordinal + 1);
  });

  it("are each mentor's own, and the sandbox's and each kind's own", async () => {
    const at = "2034-06-01T00:00:00Z";
    const number = async (wish: Wish) => (await issue(pool, { at, ...wish })).number;
    expect(await number({})).toBe("R/34-35/000001");
    expect(await number({})).toBe("R/34-35/000002");
    expect(await number({ issuer: otherMentor })).toBe("R/34-35/000001");
    expect(await number({ kind: "credit_note" })).toBe("C/34-35/000001");
    expect(await number({ kind: "fee_invoice" })).toBe("F/34-35/000001");
    expect(await number({ kind: "fee_invoice", issuer: otherMentor })).toBe("F/34-35/000002");
    expect(await number({ kind: "fee_credit_note" })).toBe("N/34-35/000001");
    expect(await number({ kind: "fee_credit_note", issuer: otherMentor })).toBe("N/34-35/000002");
    expect(await number({ sandbox: true })).toBe("TR/34-35/000001");
  });

  it("begin again on 1 April at midnight in India", async () => {
    const number = async (at: string) => (await issue(pool, { at })).number;
    expect(await number("2036-03-31T18:29:59.999Z")).toBe("R/35-36/000001");
    expect(await number("2036-03-31T18:30:00Z")).toBe("R/36-37/000001");
    expect(await number("2036-12-31T18:30:00Z")).toBe("R/36-37/000002");
    expect(await number("2099-03-31T18:29:59Z")).toBe("R/98-99/000001");
  });

  it("are in the order of their dates when a clock goes back", async () => {
    const wish = { kind: "credit_note", issuer: otherMentor } as const;
    const first = await issue(pool, { ...wish, at: "2037-03-31T18:30:00Z" });
    const second = await issue(pool, { ...wish, at: "2037-03-31T18:29:00Z" });
    expect([first.number, second.number]).toEqual(["C/37-38/000001", "C/37-38/000002"]);
    expect(second.issued_at).toEqual(first.issued_at);
  });

  it("carry the time after waiting for the series, not that of the transaction's begin", async () => {
    const wish = { sandbox: true, issuer: otherMentor };
    const client = await pool.connect();
    await client.query("begin; select now()");
    const before = await issue(pool, wish);
    const after = await issue(client, wish);
    await client.query("commit");
    client.release();
    expect(after.ordinal).toBe(before.ordinal + 1);
    expect(after.issued_at.getTime()).toBeGreaterThanOrEqual(before.issued_at.getTime());
  });

  it("have at most 16 characters; there is none after the last", async () => {
    const at = "2038-06-01T00:00:00Z";
    const wish = { at, issuer: otherMentor, kind: "credit_note", sandbox: true } as const;
    await issue(pool, wish);
    const setTo = (last: number) =>
      db.owner.query(
        "update private.document_series set last_number = $1 where issuer_id = $2 and series = 'TC'",
        [last, otherMentor],
      );
    await setTo(999_998);
    expect((await issue(pool, wish)).number).toBe("TC/38-39/999999");
    expect((await issue(pool, wish)).number).toBe("TC/38-39/1000000");
    await setTo(9_999_999);
    await expect(issue(pool, wish)).rejects.toMatchObject({ constraint: "documents_number_length" });
    // The failed one has taken none.
    await setTo(9_999_998);
    expect((await issue(pool, wish)).number).toHaveLength(16);
  });
});

describe("a document", () => {
  let receipt: Issued;
  beforeAll(async () => {
    await db.owner.query("begin; set local session_replication_role = replica");
    receipt = await issue(db.owner, { about: randomUUID() });
    await db.owner.query("commit");
  });
  const trial = (who: Actor, text: string) => attempt(db.owner, who, { text, values: [receipt.id] });

  it("is read by its student and the mentor in whose name it is, and by no other", async () => {
    const read = "select content from public.documents where id = $1";
    expect(await trial(signedIn(student), read)).toBe("1 row");
    expect(await trial(signedIn(mentor), read)).toBe("1 row");
    expect(await trial(signedIn(otherStudent), read)).toBe("0 rows");
    expect(await trial(signedIn(otherMentor), read)).toBe("0 rows");
    expect(await trial(visitor, read)).toBe(denied);
    expect(await trial(app(student), read)).toBe(denied);
  });

  it("is never changed or deleted, not even by the owner of the schema", async () => {
    const change = "update public.documents set total_minor = 1 where id = $1";
    const removal = "delete from public.documents where id = $1";
    for (const text of [change, removal]) {
      expect(await trial(signedIn(mentor), text)).toBe(denied);
      expect(await trial(app(mentor), text)).toBe(denied);
      expect(await verdict(db.owner.query(text, [receipt.id]))).toBe("23514 documents_never_change");
    }
  });

  it("twin: without the trigger the owner changes it", async () => {
    await db.owner.query("begin; drop trigger documents_10_keep on public.documents");
    const change = "update public.documents set total_minor = 1 where id = $1";
    expect(await verdict(db.owner.query(change, [receipt.id]))).toBe("1 row");
    await db.owner.query("rollback");
  });

  it("can be issued by no role that requests run as", async () => {
    const call = `select private.issue_document($1, '${student}', 'receipt', null, gen_random_uuid(), null, 'INR', 1, false, '{}')`;
    expect(await trial(signedIn(mentor), call)).toBe(denied);
    expect(await trial(app(mentor), call)).toBe(denied);
    const insert = insertInto("public.documents", { expert_id: mentor, user_id: student, kind: "receipt" });
    expect(await attempt(db.owner, signedIn(mentor), insert)).toBe(denied);
  });
});

describe("details for taxes", () => {
  const whole = {
    expert_id: mentor,
    enabled: true,
    legal_name: "Asha Rao",
    address: "1 MG Road\nBengaluru",
    state_code: "29",
    gstin: "29ABCDE1234F1ZW",
  };
  const write = (who: Actor, row: Values) => attempt(db.owner, who, insertInto("public.tax_settings", row));

  it("are the mentor's own", async () => {
    expect(await write(signedIn(mentor), whole)).toBe("1 row");
    expect(await write(signedIn(otherMentor), whole)).toBe(denied);
    expect(await write(signedIn(student), { expert_id: student })).toBe("23503 tax_settings_expert_id_fkey");
    expect(await write(visitor, whole)).toBe(denied);
  });

  it.each<[Values, string]>([
    [{ gstin: "29ABCDE1234F1ZA" }, "tax_settings_gstin_valid"],
    [{ gstin: "29abcde1234f1zw" }, "tax_settings_gstin_valid"],
    [{ state_code: "27" }, "tax_settings_gstin_of_state"],
    [{ gstin: null }, "tax_settings_enabled_when_complete"],
    [{ address: null }, "tax_settings_enabled_when_complete"],
    [{ sac: "12" }, "tax_settings_sac_form"],
    [{ rate_basis_points: 10_001 }, "tax_settings_rate_range"],
    [{ legal_name: "Two\nlines" }, "tax_settings_legal_name_clean"],
    [{ address: "A\u0007bell" }, "tax_settings_address_clean"],
  ])("refuse %j", async (change, constraint) => {
    expect(await write(signedIn(mentor), { ...whole, ...change })).toBe(`23514 ${constraint}`);
  });

  it("of a student are the student's own", async () => {
    const row = { user_id: student, name: "Ravi", state_code: "27" };
    const bill = (who: Actor, values: Values) =>
      attempt(db.owner, who, insertInto("public.billing_details", values));
    expect(await bill(signedIn(student), row)).toBe("1 row");
    expect(await bill(signedIn(mentor), row)).toBe(denied);
    expect(await bill(signedIn(student), { user_id: student, gstin: "29ABCDE1234F1ZW" })).toBe(
      "23514 billing_details_gstin_has_state",
    );
  });
});
