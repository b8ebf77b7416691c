import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { type Actor, app, attempt, book, denied, signedIn, visitor } from "./actor.ts";
import { insertInto, mentor, otherMentor, otherStudent, plantWorld, student, type Values } from "./world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
  await book(db.owner);
  await db.owner.query(
    `insert into public.student_notes (expert_id, student_id, body) values ('${mentor}', '${student}', 'Likes charts.')`,
  );
});
afterAll(() => db.drop());

const trial = (who: Actor, text: string) => attempt(db.owner, who, text);
const write = (who: Actor, row: Values) => attempt(db.owner, who, insertInto("public.student_notes", row));
const everyNote = "select body from public.student_notes";

describe("a mentor's notes about a student", () => {
  it("are read by the mentor alone", async () => {
    expect(await trial(signedIn(mentor), everyNote)).toBe("1 row");
    expect(await trial(signedIn(student), everyNote)).toBe("0 rows");
    expect(await trial(signedIn(otherMentor), everyNote)).toBe("0 rows");
    expect(await trial(visitor, everyNote)).toBe(denied);
    expect(await trial(app(mentor), everyNote)).toBe(denied);
  });

  it("are written by the mentor alone, and only about students with a session", async () => {
    const about = (expert_id: string, student_id: string) => ({ expert_id, student_id, body: "…" });
    expect(await write(signedIn(mentor), about(mentor, otherStudent))).toBe(denied);
    expect(await write(signedIn(otherMentor), about(otherMentor, student))).toBe(denied);
    expect(await write(signedIn(otherMentor), about(mentor, student))).toBe(denied);
    expect(await write(signedIn(student), about(mentor, student))).toBe(denied);
    await book(db.owner, { user_id: otherStudent, scheduled_time: "15:00" });
    expect(await write(signedIn(mentor), about(mentor, otherStudent))).toBe("1 row");
  });

  it("are changed and removed by the mentor alone", async () => {
    const change = "update public.student_notes set body = 'Mine now.'";
    const removal = "delete from public.student_notes";
    for (const statement of [change, removal]) {
      expect(await trial(signedIn(mentor), statement)).toBe("1 row");
      expect(await trial(signedIn(student), statement)).toBe("0 rows");
      expect(await trial(signedIn(otherMentor), statement)).toBe("0 rows");
      expect(await trial(visitor, statement)).toBe(denied);
    }
  });

  it("keep their student and their count", async () => {
    const set = (what: string) => trial(signedIn(mentor), `update public.student_notes set ${what}`);
    expect(await set(`student_id = '${otherStudent}'`)).toBe(denied);
    expect(await set("revision = 7")).toBe(denied);
    expect(
      await write(signedIn(mentor), { expert_id: mentor, student_id: student, body: "…", revision: 7 }),
    ).toBe(denied);
    await db.owner.query("update public.student_notes set revision = 99");
    const { rows } = await db.owner.query("select revision from public.student_notes");
    expect(rows).toEqual([{ revision: 2 }]);
  });
});
