import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { csvCell } from "../platform/http/csv.ts";
import { makeAdministrator } from "../testing/administrator.ts";
import { bookAny } from "../testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { ownTables, readOwnRows } from "./ownData.ts";

let test: TestApp;
let student: Person;
let mentor: Mentor;
beforeAll(async () => {
  test = await openTestApp({ rateLimit: true });
  student = await test.signUp("Asha =Devi");
  mentor = await test.makeMentor({ name: "=SUM(A1) Rao" });
  const { id } = await bookAny(student, mentor);
  await test.db.owner.query(
    "update bookings set user_phone = '+91 98765', message = '=cmd|x', user_name = 'Asha Devi' where id = $1",
    [id],
  );
  (
    await mentor.call("PUT", `/mentors/me/students/${student.id}/note`, {
      body: "Secret of the mentor.",
      revision: 0,
    })
  ).expect(200);
});
afterAll(() => test.close());

type Data = Record<string, Record<string, unknown>[]>;
const dataOf = async (person: Person) => (await person.call("GET", "/me/data")).expect(200).json as Data;

describe("downloading one's own data", () => {
  it("has every table, and instants with an offset", async () => {
    const data = await dataOf(student);
    expect(Object.keys(data)).toEqual(["downloaded_at", ...ownTables]);
    expect(data.account?.[0]).toMatchObject({ email: student.email, name: "Asha =Devi" });
    expect(data.sessions_as_student?.[0]).toMatchObject({ mentor: mentor.name, user_phone: "+91 98765" });
    expect(data.signed_in_devices).toHaveLength(1);
    expect(String(data.account?.[0]?.created_at)).toMatch(/(Z|[+-]\d\d:\d\d)$/);
  });

  it("has no password, token or key", async () => {
    const text = (await student.call("GET", "/me/data")).text;
    const { rows } = await test.db.owner.query(
      "select a.password, s.token from auth.accounts a join auth.sessions s using (user_id) where user_id = $1",
      [student.id],
    );
    for (const { password, token } of rows) {
      expect(text).not.toContain(password);
      expect(text).not.toContain(token);
    }
  });

  it("has nothing private of another person: no contact data of the other side, no notes about the person", async () => {
    const mine = JSON.stringify(await dataOf(student));
    expect(mine).not.toContain("Secret of the mentor.");
    expect(mine).not.toContain(mentor.email);
    const theirs = await dataOf(mentor);
    expect(theirs.private_notes?.[0]).toMatchObject({ about: "Asha Devi", body: "Secret of the mentor." });
    expect(JSON.stringify(theirs)).not.toContain(student.email);
    expect(JSON.stringify(theirs)).not.toContain("98765");
    expect(JSON.stringify(theirs)).not.toContain("=cmd");
  });

  it("is of the caller alone: another person's has none of it", async () => {
    const stranger = await makeAdministrator(test);
    const data = await dataOf(stranger);
    expect(JSON.stringify(data)).not.toContain(student.id);
    expect(data.sessions_as_student).toEqual([]);
    expect((await test.visitor("GET", "/me/data")).status).toBe(401);
  });

  it("is read in pages", async () => {
    const seen: unknown[] = [];
    for await (const rows of readOwnRows(test.db.database, mentor, "hours", 2)) {
      expect(rows.length).toBeLessThanOrEqual(2);
      seen.push(...rows.map(({ id }) => id));
    }
    expect(new Set(seen).size).toBe(7);
  });

  it("comes as a ZIP archive of CSV files, which run no formula in a spreadsheet", async () => {
    const { text, headers } = (await student.call("GET", "/me/data.zip")).expect(200);
    expect(headers["content-type"]).toBe("application/zip");
    expect(text.startsWith("PK")).toBe(true);
    // Stored without compression.
    expect(text).toContain("account.csv");
    expect(text).toContain("\uFEFFid,mentor,");
    expect(text).toContain("'=SUM(A1) Rao");
    expect(text).toContain("'=cmd|x");
    expect(text).toContain("'+91 98765");
    expect(text).not.toContain("mentor_page.csv");
  });

  it("is limited", async () => {
    const person = await test.signUp("Often Here");
    const statuses: number[] = [];
    for (let times = 0; times < 12; times++) statuses.push((await person.call("GET", "/me/data")).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
  });
});

it.each([
  ["=1+1", "'=1+1"],
  ["+91 1", "'+91 1"],
  ["-2", "'-2"],
  ["@me", "'@me"],
  ["\tx", "'\tx"],
  [-2, "-2"],
  [null, ""],
  ['say "hi", ok', '"say ""hi"", ok"'],
  ["=a,b", '"\'=a,b"'],
  ["two\nlines", '"two\nlines"'],
  [["a", "b"], '"[""a"",""b""]"'],
  ["नमस्ते", "नमस्ते"],
])("a cell: %j", (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});
