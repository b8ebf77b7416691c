import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriesCheck } from "#contract/series.ts";
import { DAY_MS, HOUR_MS } from "#scheduling/units.ts";
import { book, dateIn, readSlots } from "../testing/booking.ts";
import { type Mentor, openTestApp, type TestApp } from "../testing/testApp.ts";

const at = Date.UTC(2026, 1, 20, 6);
const week = 7 * DAY_MS;
let engineTime: number | undefined = at;
let test: TestApp;
let mentor: Mentor;
beforeAll(async () => {
  // The engine's clock, three weeks before the clocks of New York change and five before those of Berlin.
  test = await openTestApp({ now: () => engineTime ?? Date.now(), payments: "sandbox" });
  mentor = await test.makeMentor({
    timezone: "Europe/Berlin",
    settings: { instant_confirm: true, booking_window_days: 60, buffer_before: 0, buffer_after: 0 },
    services: [{ durations: [{ minutes: 60, price: 500 }], recording_price: 100 }],
  });
});
afterAll(() => test.close());

const first = "2026-03-17T14:00:00.000Z";
const ask = (question: object, who = mentor.profile.username) =>
  test.visitor("POST", `/mentors/${who}/series/check`, {
    session_type: "oneOnOneSession",
    duration: 60,
    ...question,
  });
const check = async (question: object) => (await ask(question)).expect(200).read(seriesCheck);

describe("the check of a series", () => {
  it("keeps the mentor's hour, and says when it is another one for the student", async () => {
    const found = await check({ pattern: "weekly", starts_at: first, sessions: 3, timezone: "Asia/Kolkata" });
    expect(found).toMatchObject({
      service_id: mentor.services[0]?.id,
      timezone: "Asia/Kolkata",
      mentor_timezone: "Europe/Berlin",
      free: 3,
      session_amount: 500,
      total_amount: 1500,
      payments: ["at_once", "per_session"],
    });
    expect(
      found.sessions.map(({ place, starts_at, scheduled_time, time, moves_for_student, verdict }) => [
        place,
        starts_at,
        scheduled_time,
        time,
        moves_for_student,
        verdict,
      ]),
    ).toEqual([
      [1, "2026-03-17T14:00:00.000Z", "15:00", "19:30", false, null],
      [2, "2026-03-24T14:00:00.000Z", "15:00", "19:30", false, null],
      [3, "2026-03-31T13:00:00.000Z", "15:00", "18:30", true, null],
    ]);
  });

  it("repeats every two weeks, and finds dates beyond the booking window", async () => {
    const found = await check({ pattern: "two_weeks", starts_at: first, sessions: 5, add_recording: true });
    expect(found.sessions.map(({ scheduled_date }) => scheduled_date)).toEqual([
      "2026-03-17",
      "2026-03-31",
      "2026-04-14",
      "2026-04-28",
      "2026-05-12",
    ]);
    expect(found.sessions.map(({ verdict }) => verdict)).toEqual([null, null, null, "window", "window"]);
    expect(found).toMatchObject({ free: 3, session_amount: 600, total_amount: 1800 });
  });

  it("names the closest free starts for one that is taken", async () => {
    engineTime = undefined;
    const other = await test.makeMentor({ settings: { instant_confirm: true, booking_window_days: 90 } });
    const student = await test.signUp("Sana");
    const [slot] = await readSlots(student.call, other, { from: dateIn(other, 30) });
    const start = Date.parse(slot?.starts_at ?? "");
    await book(student, other, start + 2 * HOUR_MS);
    const live = await openLive(other.id, start + 2 * HOUR_MS);
    expect(live.sessions.map(({ verdict }) => verdict)).toEqual(["taken", null]);
    const [taken] = live.sessions;
    expect(taken?.substitutes.length).toBe(3);
    for (const { starts_at } of taken?.substitutes ?? []) {
      expect(Math.abs(Date.parse(starts_at) - start - 2 * HOUR_MS)).toBeLessThanOrEqual(2 * HOUR_MS);
    }
    engineTime = at;
  });

  async function openLive(mentorId: string, start: number) {
    const answer = await ask(
      { pattern: "chosen", starts: [start, start + week].map((ms) => new Date(ms).toISOString()) },
      mentorId,
    );
    return answer.expect(200).read(seriesCheck);
  }

  it("takes the earlier ones of the series, with the limits of a day", async () => {
    const limited = await test.makeMentor({
      timezone: "Europe/Berlin",
      settings: { booking_window_days: 60, max_per_day: 1 },
    });
    const answer = await ask(
      { pattern: "chosen", starts: ["2026-03-17T10:00:00Z", first, "2026-03-18T14:00:00Z"] },
      limited.id,
    );
    const { sessions } = answer.expect(200).read(seriesCheck);
    expect(sessions.map(({ verdict }) => verdict)).toEqual([null, "day_limit", null]);
  });

  it("offers no payment of each session where the second comes too soon", async () => {
    const found = await check({
      pattern: "chosen",
      starts: ["2026-02-23T10:00:00Z", "2026-02-23T13:00:00Z"],
    });
    expect(found.payments).toEqual(["at_once", "per_session"]);
    const soon = await check({ pattern: "chosen", starts: ["2026-02-21T10:00:00Z", "2026-02-22T10:00:00Z"] });
    expect(soon.payments).toEqual(["at_once"]);
  });

  it.each([
    ["sessions", { pattern: "weekly", starts_at: first, sessions: 1 }],
    ["sessions", { pattern: "weekly", starts_at: first, sessions: 53 }],
    ["starts", { pattern: "chosen", starts: [first, first] }],
    ["duration", { pattern: "weekly", starts_at: first, sessions: 2, duration: 45 }],
    ["add_recording", { pattern: "weekly", starts_at: first, sessions: 2, add_recording: "yes" }],
    ["session_type", { pattern: "weekly", starts_at: first, sessions: 2, session_type: "cvReview" }],
  ])("rejects a wrong %s", async (field, question) => {
    const { errors } = (await ask(question)).problem("validation_failed");
    expect(errors?.map((error) => error.field)).toEqual([field]);
  });

  it("knows no mentor of another name", async () => {
    (await ask({ pattern: "weekly", starts_at: first, sessions: 2 }, "nobody-here")).problem(
      "mentor_not_found",
    );
  });
});
