import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bookingPage } from "#contract/bookings.ts";
import { studentNote, studentPage, student as studentShape } from "#contract/students.ts";
import { book, bookAny, dateIn, moveBooking } from "../testing/booking.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let otherMentor: Mentor;
let asha: Person;
let ben: Person;
let stranger: Person;
beforeAll(async () => {
  test = await openTestApp();
  mentor = await test.makeMentor({ settings: { instant_confirm: true } });
  otherMentor = await test.makeMentor();
  [asha, ben, stranger] = (await test.signUpCrowd(3)) as [Person, Person, Person];
});
afterAll(() => test.close());

const at = (days: number, time: string) => `${dateIn(mentor, days)}T${time}:00+05:30`;
const noteOf = (person: Person) => `/mentors/me/students/${person.id}/note`;
const write = (person: Person, body: string, revision: number) =>
  mentor.call("PUT", noteOf(person), { body, revision });

describe("a mentor's students", () => {
  beforeAll(async () => {
    const held = await book(asha, mentor, at(3, "10:00"), { user_name: "Asha Before" });
    await moveBooking(test.db, held.id, -10);
    await book(asha, mentor, at(4, "10:00"), { user_name: "Asha Rao", user_email: "asha@new.example" });
    await book(ben, mentor, at(2, "12:00"), { user_name: "Ben 100%", user_email: "ben@example.com" });
  });
  const list = async (query = "") =>
    (await mentor.call("GET", `/mentors/me/students${query}`)).read(studentPage);

  it("are those who booked, by their newest names, with what was and what comes", async () => {
    const { data, next_cursor } = await list();
    // Whom the mentor meets next comes first.
    expect(data.map(({ name }) => name)).toEqual(["Ben 100%", "Asha Rao"]);
    expect(data[1]).toMatchObject({
      id: asha.id,
      email: "asha@new.example",
      held_sessions: 1,
      upcoming_sessions: 1,
      next_session_at: new Date(at(4, "10:00")).toISOString(),
      has_note: false,
    });
    expect(next_cursor).toBeNull();
  });

  it("are found by a part of name or address, taken literally", async () => {
    expect((await list("?q=NEW.ex")).data.map(({ id }) => id)).toEqual([asha.id]);
    expect((await list("?q=100%25")).data.map(({ id }) => id)).toEqual([ben.id]);
    expect((await list("?q=%25")).data.map(({ id }) => id)).toEqual([ben.id]);
    expect((await list("?q=nobody")).data).toEqual([]);
  });

  it("come in pages", async () => {
    const first = await list("?limit=1");
    const second = await list(`?limit=1&cursor=${encodeURIComponent(first.next_cursor ?? "")}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual([ben.id, asha.id]);
    expect(second.next_cursor).toBeNull();
  });

  it("are visible only to this mentor", async () => {
    expect((await otherMentor.call("GET", "/mentors/me/students")).read(studentPage).data).toEqual([]);
    (await otherMentor.call("GET", `/mentors/me/students/${asha.id}`)).problem("student_not_found");
    (await mentor.call("GET", `/mentors/me/students/${stranger.id}`)).problem("student_not_found");
  });

  it("have their sessions in the list of bookings", async () => {
    const answer = await mentor.call("GET", `/bookings?as=mentor&student_id=${asha.id}`);
    const { data } = answer.read(bookingPage);
    expect(data).toHaveLength(2);
    expect(new Set(data.map(({ user_id }) => user_id))).toEqual(new Set([asha.id]));
  });
});

describe("private notes", () => {
  it("begin empty, are written, changed and removed", async () => {
    const read = async () => (await mentor.call("GET", noteOf(ben))).read(studentNote);
    expect(await read()).toEqual({ body: "", revision: 0, updated_at: null });
    expect((await write(ben, "", 0)).read(studentNote).revision).toBe(0);
    expect((await write(ben, "Likes charts. ", 0)).read(studentNote)).toMatchObject({
      body: "Likes charts. ",
      revision: 1,
    });
    expect((await write(ben, "Likes tables.", 1)).read(studentNote).revision).toBe(2);
    const { has_note } = (await mentor.call("GET", `/mentors/me/students/${ben.id}`)).read(studentShape);
    expect(has_note).toBe(true);
    expect((await write(ben, "", 2)).read(studentNote)).toEqual({ body: "", revision: 0, updated_at: null });
  });

  it("of two tabs that saw the same, the second is rejected, and nothing is lost", async () => {
    await bookAny(stranger, otherMentor);
    (await write(asha, "From the first tab", 0)).expect(200);
    (await write(asha, "From the second tab", 0)).problem("note_changed");
    (await write(asha, "", 0)).problem("note_changed");
    (await write(asha, "Over a revision that never was", 7)).problem("note_changed");
    expect((await mentor.call("GET", noteOf(asha))).read(studentNote).body).toBe("From the first tab");
    // The response to a save was lost, and it is sent again.
    expect((await write(asha, "From the first tab", 0)).read(studentNote).revision).toBe(1);
  });

  it("written at the same time: one wins, the others are rejected", async () => {
    const { revision } = (await mentor.call("GET", noteOf(asha))).read(studentNote);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, tab) => write(asha, `From tab ${tab}`, revision)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(412)]);
  });

  it("are rejected if too long, unstorable, or about an unknown person", async () => {
    for (const body of ["x".repeat(10_001), "a\u0000b", 5, undefined]) {
      const answer = await mentor.call("PUT", noteOf(asha), { body, revision: 1 });
      expect(answer.problem("validation_failed").errors?.[0]?.field).toBe("body");
    }
    (await write(stranger, "Who is this?", 0)).problem("student_not_found");
  });
});

describe("sessions of some days", () => {
  const between = async (from: string, to: string, more = "") => {
    const query = new URLSearchParams({ as: "mentor", from, to });
    return mentor.call("GET", `/bookings?${query}${more}`);
  };

  it("are those that touch them, both ends half open", async () => {
    const first = await book(asha, mentor, at(20, "10:00"));
    const second = await book(asha, mentor, at(20, "11:00"));
    const ids = async (from: string, to: string) =>
      (await between(from, to)).read(bookingPage).data.map(({ id }) => id);
    expect(await ids(at(20, "09:00"), at(20, "12:00"))).toEqual([second.id, first.id]);
    expect(await ids(at(20, "10:59"), at(20, "11:00"))).toEqual([first.id]);
    expect(await ids(at(20, "11:00"), at(20, "11:01"))).toEqual([second.id]);
    expect(await ids(at(20, "12:00"), at(21, "12:00"))).toEqual([]);
  });

  it("need a valid range", async () => {
    for (const [from, to] of [
      [at(2, "10:00"), at(1, "10:00")],
      [at(1, "10:00"), at(64, "10:00")],
    ] as const) {
      expect((await between(from, to)).problem("validation_failed").errors?.[0]?.field).toBe("to");
    }
    const alone = await mentor.call("GET", `/bookings?from=${encodeURIComponent(at(1, "10:00"))}`);
    expect(alone.problem("validation_failed").errors?.[0]?.field).toBe("to");
  });
});
