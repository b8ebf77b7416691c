import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";
import { actAs, app, attempt, book, signedIn, tryToBook } from "./actor.ts";
import {
  bookingRequest,
  insertInto,
  mentor,
  otherMentor,
  otherService,
  personalService,
  plantWorld,
  someDay,
  stranger,
  student,
} from "./world.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await plantWorld(db.owner);
});
afterAll(() => db.drop());

/** Books and takes it back. */
async function preview(changes = {}) {
  const { text, values } = insertInto("public.bookings", bookingRequest(changes));
  return actAs(db.owner, signedIn(student), async () => {
    const { rows } = await db.owner.query(`${text} returning *`, values);
    return rows[0];
  });
}

describe("what the database works out itself", () => {
  it("takes price and currency from the service", async () => {
    expect(await preview()).toMatchObject({
      service_id: personalService,
      total_minor: 90_050,
      total_amount: 900.5,
      currency: "INR",
      status: "pending",
    });
    expect(await preview({ duration: 30 })).toMatchObject({ total_minor: 50_000, total_amount: 500 });
    expect(await preview({ add_recording: true })).toMatchObject({
      total_minor: 120_050,
      total_amount: 1200.5,
      price_lines: [
        { kind: "session", amount_minor: 90_050 },
        { kind: "recording", amount_minor: 30_000 },
      ],
    });
  });

  it("takes the instants from the mentor's clock", async () => {
    expect(await preview()).toMatchObject({
      starts_at: new Date(`${someDay}T04:30:00Z`),
      ends_at: new Date(`${someDay}T05:30:00Z`),
      mentor_timezone: "Asia/Kolkata",
    });
    expect(await preview({ expert_id: otherMentor })).toMatchObject({
      starts_at: new Date(`${someDay}T14:00:00Z`),
      mentor_timezone: "America/New_York",
    });
  });

  it("moves a skipped hour on, and stores the result", async () => {
    const skipped = { expert_id: otherMentor, scheduled_date: "2040-03-11", scheduled_time: "02:30" };
    expect(await preview(skipped)).toMatchObject({
      starts_at: new Date("2040-03-11T07:30:00Z"),
      scheduled_date: "2040-03-11",
      scheduled_time: "03:30",
    });
  });

  it("keeps the student's zone, or else the mentor's", async () => {
    expect(await preview({ student_timezone: "Asia/Kathmandu" })).toMatchObject({
      student_timezone: "Asia/Kathmandu",
    });
    expect(await preview()).toMatchObject({ student_timezone: "Asia/Kolkata" });
  });

  it("takes instant and first status from the app", async () => {
    const confirmed = await book(
      db.owner,
      { starts_at: "2040-06-07T04:30:00Z", scheduled_date: "2040-06-07", status: "confirmed" },
      "matepeak_app",
    );
    expect(confirmed).toMatchObject({
      status: "confirmed",
      starts_at: new Date("2040-06-07T04:30:00Z"),
      expires_at: null,
    });
    const { rows } = await db.owner.query("select state from public.occupancies where id = $1", [
      confirmed.occupancy_id,
    ]);
    expect(rows).toEqual([{ state: "booked" }]);
  });
});

describe("what the database refuses", () => {
  it.each([
    ["an unknown mentor", { expert_id: stranger }, "23503 bookings_expert_id_fkey"],
    ["a service the mentor has not", { session_type: "chatAdvice" }, "23514 bookings_service_offered"],
    ["another mentor's service", { service_id: otherService }, "23514 bookings_service_offered"],
    ["another length", { duration: 45 }, "23514 bookings_service_offered"],
    [
      "a recording that is not offered",
      { session_type: "groupSession", add_recording: true },
      "23514 bookings_recording_offered",
    ],
    ["a time that has passed", { scheduled_date: "2020-06-04" }, "23514 bookings_in_future"],
    ["a date that is no date", { scheduled_date: "2040-02-30" }, "22008"],
    ["a time that is no time", { scheduled_time: "25:00" }, "23514 bookings_scheduled_time_form"],
    ["a zone that is no zone", { student_timezone: "Mars/Olympus" }, "23514 timezone_exists"],
    ["the end of time", { scheduled_date: "infinity" }, "22008"],
    ["endless messages", { message: "x".repeat(2001) }, "23514 bookings_message_length"],
    ["endless names", { user_name: "x".repeat(121) }, "23514 bookings_user_name_length"],
    ["endless addresses", { user_email: "x".repeat(255) }, "23514 bookings_user_email_length"],
    ["endless numbers", { user_phone: "x".repeat(33) }, "23514 bookings_user_phone_length"],
  ])("%s", async (_name, changes, expected) => {
    expect(await tryToBook(db.owner, changes)).toBe(expected);
  });

  it("a session of mentors with themselves", async () => {
    expect(await tryToBook(db.owner, { user_id: mentor })).toBe("23514 bookings_not_own_session");
  });

  it.each(["update public.services set enabled = false", "update public.services set deleted_at = now()"])(
    "a service that is off: %s",
    async (off) => {
      await db.owner.query("begin");
      await db.owner.query(off);
      const asked = insertInto("public.bookings", bookingRequest());
      await expect(db.owner.query(asked.text, asked.values)).rejects.toMatchObject({
        constraint: "bookings_service_offered",
      });
      await db.owner.query("rollback");
    },
  );

  it.each(["completed", "cancelled"])("a booking that begins as %s, even from the app", async (status) => {
    const row = insertInto("public.bookings", bookingRequest({ status }));
    expect(await attempt(db.owner, app(student), row)).toBe("23514 bookings_step_allowed");
  });

  it.each([
    ["ends_at = ends_at + interval '1 minute'", "bookings_ends_after_start"],
    ["occupancy_id = null", "bookings_time_is_held"],
    ["expires_at = null", "bookings_only_requests_expire"],
    ["total_minor = -100, total_amount = -1", "bookings_total_range"],
  ])("a row that contradicts itself, even from its owner: %s", async (change, constraint) => {
    await db.owner.query("begin");
    const asked = insertInto("public.bookings", bookingRequest());
    await db.owner.query(asked.text, asked.values);
    await expect(db.owner.query(`update public.bookings set ${change}`)).rejects.toMatchObject({
      constraint,
    });
    await db.owner.query("rollback");
  });
});
