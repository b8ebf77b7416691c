import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Booking } from "#contract/bookings.ts";
import { checkout } from "#contract/payments.ts";
import { type Programme, programme, programmeList, programmeRoster } from "#contract/programmes.ts";
import { type Series, series, seriesChanged } from "#contract/series.ts";
import { openCaps } from "#rules/limits.ts";
import { bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { schedule, shiftGroup } from "../testing/groups.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { ledgerFaults } from "../testing/ledger.ts";
import { moneyFaults } from "../testing/moneyFaults.ts";
import { openTestProvider, type TestProvider } from "../testing/paymentProvider.ts";
import { joiningOf, joinProgramme, makeProgramme, programmeOf } from "../testing/programmes.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let provider: TestProvider;
let mentor: Mentor;
let people: Person[];
let student: Person;
let rival: Person;
beforeAll(async () => {
  provider = openTestProvider();
  test = await openTestApp({ payments: { provider, collecting: { feeBasisPoints: 1_000 } } });
  people = await test.signUpCrowd(4);
  [student, rival] = people as [Person, Person];
});
afterAll(async () => {
  expect(await moneyFaults(test.db.owner)).toEqual([]);
  expect(await ledgerFaults(test.db.owner)).toEqual([]);
  await test.close();
});
beforeEach(async () => {
  mentor = await test.makeMentor({
    settings: { instant_confirm: true, booking_window_days: 365 },
    services: [
      {
        session_type: "groupSession",
        title: "Circle",
        capacity: 8,
        durations: [{ minutes: 60, price: 500 }],
        refund_full_cutoff: 1440,
      },
    ],
  });
});

const find = async ({ id }: Pick<Programme, "id">) =>
  (await test.visitor("GET", `/mentors/${mentor.id}/programmes/${id}`)).expect(200).read(programme);
const read = async ({ id }: Pick<Series, "id">, who = student) =>
  (await who.call("GET", `/series/${id}`)).expect(200).read(series);
const statusesOf = async (made: Series, who = student) =>
  (await read(made, who)).sessions.map(({ status }) => status);
const cancel = (made: Programme, body = {}) =>
  mentor.call("POST", `/mentors/me/programmes/${made.id}/cancel`, body);
const decide = async ({ id }: Programme) => {
  await test.db.owner.query("update programmes set decide_at = now() where id = $1", [id]);
  await runTask(test.db, "decide_group_sessions", {}, { provider });
};
const run = () => runJobs(test.db, { provider });

async function openOrder(made: Series, who = student) {
  const { id } = made.sessions[0] as Booking;
  (await who.call("POST", `/bookings/${id}/payment/checkout`)).expect(200).read(checkout);
  const { rows } = await test.db.owner.query<{ id: string }>(
    `select w.id from bookings b join payments w on w.basket_id = b.basket_id and w.booking_id is null where b.id = $1`,
    [id],
  );
  return provider.orderOf(rows[0]?.id ?? "");
}

/** Returns what was paid, in minor units. */
async function pay(
  made: Series,
  who = student,
  opened?: Awaited<ReturnType<typeof openOrder>>,
): Promise<number> {
  const order = opened ?? (await openOrder(made, who));
  provider.pay(order.id);
  (await who.call("POST", `/bookings/${made.sessions[0]?.id}/payment/refresh`)).expect(200);
  return order.amount.minor;
}

describe("a programme", () => {
  it("is scheduled with all of its dates, public, and its sessions name it", async () => {
    const made = await makeProgramme(mentor, { weeks: 8, price: 4000, skipped_dates: [dateIn(mentor, 24)] });
    expect(made).toMatchObject({ state: "open", capacity: 8, seats_left: 8, attendees: 0, price: 4000 });
    expect(made.sessions.map(({ place }) => place)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(made.book_until).toBe(made.sessions[0]?.starts_at);
    expect(await find(made)).toEqual(made);
    for (const path of [`/mentors/${mentor.profile.username}/programmes`, "/mentors/me/programmes"]) {
      const list = (await mentor.call("GET", path)).read(programmeList);
      expect(list.data).toEqual([made]);
    }
    const session = await test.visitor(
      "GET",
      `/mentors/${mentor.id}/group-sessions/${made.sessions[1]?.group_session_id}`,
    );
    expect(session.json).toMatchObject({
      price: 571.43,
      programme: { id: made.id, title: made.title, place: 2, sessions: 7 },
    });
  });

  it("is not scheduled at all if another session is at one of its dates", async () => {
    await schedule(mentor, dateIn(mentor, 17), { scheduled_time: "20:30" });
    const refused = (await mentor.call("POST", "/mentors/me/programmes", programmeOf(mentor))).problem(
      "slot_taken",
    );
    expect(refused.taken_starts?.length).toBe(1);
    expect((await mentor.call("GET", "/mentors/me/programmes")).json).toEqual({ data: [] });
    const sessions = await mentor.call("GET", "/mentors/me/group-sessions");
    expect(sessions.json).toMatchObject({ data: [{}] });
  });

  it.each([
    ["service_id", { service_id: "00000000-0000-4000-8000-000000000000" }],
    ["duration", { duration: 45 }],
    ["weeks", { weeks: 1 }],
    ["weeks", { weeks: 53 }],
    ["min_attendees", { min_attendees: 9 }],
    ["price", { price: 0.02 }],
    ["scheduled_date", { scheduled_date: "2020-01-01" }],
    ["decide_minutes", { min_attendees: 2, decide_minutes: 30 * 1440 }],
  ])("with a wrong %s is refused at that field: %o", async (field, wrong) => {
    const problem = (await mentor.call("POST", "/mentors/me/programmes", programmeOf(mentor, wrong))).problem(
      "validation_failed",
    );
    expect(problem.errors?.[0]?.field).toBe(field);
  });

  it("is booked only as a whole: no session of it is offered, booked or waited for alone", async () => {
    const made = await makeProgramme(mentor);
    const starts = made.sessions.map(({ starts_at }) => starts_at);
    const slots = await readSlots(student.call, mentor, { from: dateIn(mentor, 9), to: dateIn(mentor, 26) });
    expect(slots.filter(({ starts_at }) => starts.includes(starts_at))).toEqual([]);
    (await student.call("POST", "/bookings", bookingOf(mentor, starts[0] ?? ""))).problem("slot_taken");
    const wait = { kind: "group", group_session_id: made.sessions[0]?.group_session_id, timezone: "UTC" };
    (await student.call("POST", `/mentors/${mentor.id}/waitlist`, wait)).problem("group_session_not_found");
    // The ledger itself gives no seat either.
    await expect(
      test.db.as(student.id, (client) =>
        client.query(
          `insert into bookings (user_id, expert_id, session_type, scheduled_date, scheduled_time, duration)
           values ($1, $2, 'groupSession', $3, '20:00', 60)`,
          [student.id, mentor.id, dateIn(mentor, 10)],
        ),
      ),
    ).rejects.toThrow("occupancies_no_overlap");
    expect(await find(made)).toEqual(made);
  });

  it("is booked and paid as one, and each session has its share", async () => {
    const made = await makeProgramme(mentor, { price: 1000 });
    const body = { ...joiningOf(made), total_amount: 1500 };
    (await student.call("POST", "/series", body)).problem("price_mismatch");
    const joined = await joinProgramme(student, made);
    expect(joined).toMatchObject({ pattern: "programme", programme_id: made.id, payment: "at_once" });
    expect(joined.sessions.map(({ total_amount }) => total_amount)).toEqual([333.34, 333.33, 333.33]);
    expect(await pay(joined)).toBe(100_000);
    expect(await statusesOf(joined)).toEqual(Array(3).fill("confirmed"));
    expect(await find(made)).toMatchObject({ attendees: 1, seats_left: 7 });
    (await student.call("POST", "/series", joiningOf(made))).problem("already_booked");
    expect(await find(made)).toMatchObject({ attendees: 1, seats_left: 7 });
  });

  it("names those who agreed to it when they booked, in every session", async () => {
    const made = await makeProgramme(mentor);
    const joined = await joinProgramme(student, made, { shows_name: true });
    await joinProgramme(rival, made);
    const { rows } = await test.db.owner.query(
      "select series_id = $2 as agreed, shows_name from bookings where expert_id = $1 order by created_at",
      [mentor.id, joined.id],
    );
    expect(rows).toHaveLength(2 * made.sessions.length);
    for (const { agreed, shows_name } of rows) expect(shows_name).toBe(agreed);
  });

  it("has no more people than seats, and each of them in every session", async () => {
    const made = await makeProgramme(mentor, { capacity: 2 });
    const answers = await Promise.all(people.map((each) => each.call("POST", "/series", joiningOf(made))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409]);
    for (const refused of answers.filter(({ status }) => status === 409)) refused.problem("slot_taken");
    const { people: inside } = (await mentor.call("GET", `/mentors/me/programmes/${made.id}/roster`)).read(
      programmeRoster,
    );
    expect(inside.map(({ seats }) => seats.length)).toEqual([3, 3]);
    expect(await find(made)).toMatchObject({ seats_left: 0, attendees: 2 });
  });

  it("that is not paid in time frees all of its seats, and paid late takes them again", async () => {
    const made = await makeProgramme(mentor, { price: 900, capacity: 2 });
    const joined = await joinProgramme(student, made);
    const order = await openOrder(joined);
    await test.db.owner.query("update bookings set expires_at = now() - interval '1 second' where id = $1", [
      joined.sessions[1]?.id,
    ]);
    await test.db.owner.query("select private.sweep_mentor($1, 10)", [mentor.id]);
    expect(await statusesOf(joined)).toEqual(Array(3).fill("cancelled"));
    expect(await find(made)).toMatchObject({ attendees: 0, seats_left: 2 });
    expect((await find(made)).sessions.map(({ state }) => state)).toEqual(Array(3).fill("open"));
    await pay(joined, student, order);
    expect(await statusesOf(joined)).toEqual(Array(3).fill("confirmed"));
    expect(await find(made)).toMatchObject({ attendees: 1, seats_left: 1 });
  });

  it("paid after one of its sessions was cancelled goes back as a whole", async () => {
    const made = await makeProgramme(mentor, { price: 900 });
    const joined = await joinProgramme(student, made);
    const order = await openOrder(joined);
    const path = `/mentors/me/group-sessions/${made.sessions[2]?.group_session_id}`;
    (await mentor.call("POST", `${path}/cancel`, {})).expect(200);
    await pay(joined, student, order);
    await run();
    expect(await statusesOf(joined)).toEqual(Array(3).fill("cancelled"));
    expect(await find(made)).toMatchObject({ price: 600, attendees: 0 });
    // The others still can be booked, for less.
    const later = await joinProgramme(rival, await find(made));
    expect(later.sessions.map(({ total_amount }) => total_amount)).toEqual([300, 300]);
  });

  it("keeps its people when its mentor moves a date; they cannot move it themselves, but leave it for nothing", async () => {
    const made = await makeProgramme(mentor, { price: 900 });
    const joined = await joinProgramme(student, made);
    await pay(joined);
    const second = made.sessions[1];
    const moved = { scheduled_date: dateIn(mentor, 18), scheduled_time: "21:00", reason: "A holiday" };
    (await mentor.call("POST", `/mentors/me/group-sessions/${second?.group_session_id}/move`, moved)).expect(
      200,
    );
    const after = await find(made);
    expect(after.sessions[1]?.starts_at).not.toBe(second?.starts_at);
    expect(after).toMatchObject({ attendees: 1, seats_left: 7, price: 900 });
    const mine = await read(joined);
    expect(mine.sessions[1]).toMatchObject({ starts_at: after.sessions[1]?.starts_at, refund: 300 });
    expect(mine.sessions.map(({ can_move }) => can_move)).toEqual([false, false, false]);
    expect(mine.sessions.map(({ programme_id }) => programme_id)).toEqual(Array(3).fill(made.id));
    for (const who of [student, mentor]) {
      const [slot] = await readSlots(student.call, mentor, { from: dateIn(mentor, 3) });
      const move = { scheduled_date: slot?.date, scheduled_time: slot?.time };
      const refused = await who.call("POST", `/bookings/${mine.sessions[0]?.id}/reschedule`, move);
      expect(refused.problem("invalid_transition").detail).toContain("Only the mentor can move");
    }
    (
      await mentor.call("PATCH", `/mentors/me/group-sessions/${second?.group_session_id}`, { capacity: 3 })
    ).problem("invalid_transition");
    // Others book the new date with the rest.
    const other = await joinProgramme(rival, after);
    expect(other.sessions.map(({ starts_at }) => Date.parse(starts_at))).toEqual(
      after.sessions.map(({ starts_at }) => Date.parse(starts_at)),
    );
  });

  it("is left by cancelling the series, each session by the policy, and frees the seats alone", async () => {
    const made = await makeProgramme(mentor, { price: 900, days: 1 });
    const joined = await joinProgramme(student, made);
    await pay(joined);
    const theirs = await joinProgramme(rival, made);
    await pay(theirs, rival);
    const mine = await read(joined);
    const refund = mine.sessions.reduce((sum, session) => sum + session.refund, 0);
    const left = (await student.call("POST", `/series/${joined.id}/cancel`, { from_place: 2, refund: 600 }))
      .expect(200)
      .read(seriesChanged);
    expect(refund).toBeGreaterThanOrEqual(600);
    expect(left).toMatchObject({ changed: 2, refund: 600 });
    expect(await statusesOf(joined)).toEqual(["confirmed", "cancelled", "cancelled"]);
    expect(await statusesOf(theirs, rival)).toEqual(Array(3).fill("confirmed"));
    expect((await find(made)).sessions.map(({ seats_left }) => seats_left)).toEqual([6, 7, 7]);
  });

  it("is cancelled for all, who get everything back", async () => {
    const made = await makeProgramme(mentor, { price: 900 });
    const joined = await joinProgramme(student, made);
    await pay(joined);
    expect((await cancel(made, { reason: "I’m moving." })).expect(200).json).toEqual({ seats: 3 });
    await run();
    expect((await read(joined)).sessions.map(({ payment_status }) => payment_status)).toEqual(
      Array(3).fill("refunded"),
    );
    expect(await find(made)).toMatchObject({
      state: "cancelled",
      cancelled_because: "mentor",
      book_until: null,
    });
    (await cancel(made)).problem("invalid_transition");
    (await rival.call("POST", "/series", joiningOf(made))).problem("slot_unavailable");
    expect((await test.visitor("GET", `/mentors/${mentor.id}/programmes`)).json).toEqual({ data: [] });
  });

  it("is decided once: below the minimum everything ends, with it everything takes place", async () => {
    const few = await makeProgramme(mentor, { price: 900, min_attendees: 2 });
    const enough = await makeProgramme(mentor, { price: 900, min_attendees: 2, time: "22:00" });
    const alone = await joinProgramme(student, few);
    await pay(alone);
    const [mine, theirs] = [await joinProgramme(student, enough), await joinProgramme(rival, enough)];
    await pay(mine);
    await pay(theirs, rival);
    await decide(few);
    await decide(enough);
    await run();
    expect(await find(few)).toMatchObject({ state: "cancelled", cancelled_because: "minimum" });
    expect((await read(alone)).sessions.map(({ payment_status }) => payment_status)).toEqual(
      Array(3).fill("refunded"),
    );
    expect(await find(enough)).toMatchObject({ state: "on", attendees: 2 });
    expect(await statusesOf(mine)).toEqual(Array(3).fill("confirmed"));
  });

  it("is not decided while those who would make the minimum are paying", async () => {
    const made = await makeProgramme(mentor, { price: 900, min_attendees: 2 });
    await pay(await joinProgramme(student, made));
    const paying = await joinProgramme(rival, made);
    await decide(made);
    expect(await find(made)).toMatchObject({ state: "open" });
    await pay(paying, rival);
    await decide(made);
    expect(await find(made)).toMatchObject({ state: "on" });
  });

  it("is closed from its first session on, where its mentor marks who came", async () => {
    const made = await makeProgramme(mentor);
    const joined = await joinProgramme(student, made);
    await shiftGroup(test.db, { id: made.sessions[0]?.group_session_id ?? "" }, "10 minutes");
    expect(await find(made)).toMatchObject({ book_until: null, state: "open" });
    const refused = (await rival.call("POST", "/series", joiningOf(made))).problem("slot_unavailable");
    expect(refused.detail).toContain("has started");
    const seat = joined.sessions[0]?.id;
    (await mentor.call("PUT", `/bookings/${seat}/attendance`, { attendance: "present" })).expect(204);
    const { people: inside } = (await mentor.call("GET", `/mentors/me/programmes/${made.id}/roster`)).read(
      programmeRoster,
    );
    expect(inside[0]).toMatchObject({ series_id: joined.id, user_name: student.name });
    expect(inside[0]?.seats.map(({ place, attendance }) => [place, attendance])).toEqual([
      [1, "present"],
      [2, null],
      [3, null],
    ]);
    // What is to come can still be cancelled for all.
    expect((await cancel(made)).expect(200).json).toEqual({ seats: 2 });
    expect(await statusesOf(joined)).toEqual(["confirmed", "cancelled", "cancelled"]);
  });

  it("has more seats or other words, never fewer seats than are taken", async () => {
    const made = await makeProgramme(mentor);
    await joinProgramme(student, made);
    await joinProgramme(rival, made);
    await joinProgramme(people[2] as Person, made);
    const change = (body: object) => mentor.call("PATCH", `/mentors/me/programmes/${made.id}`, body);
    const changed = (await change({ title: "Practice", description: "Bring a notebook.", capacity: 3 }))
      .expect(200)
      .read(programme);
    expect(changed).toMatchObject({ title: "Practice", capacity: 3, seats_left: 0 });
    expect((await change({ capacity: 2 })).problem("seats_taken").errors?.[0]?.field).toBe("capacity");
    await change({ capacity: 4 });
    expect(await find(made)).toMatchObject({ capacity: 4, seats_left: 1 });
  });

  it("counts once for a newcomer too, however many sessions it has", async () => {
    const capped = await openTestApp({ caps: "kept" });
    try {
      const host = await capped.makeMentor({
        settings: { instant_confirm: true },
        services: [{ session_type: "groupSession", title: "Circle", capacity: 8 }],
      });
      const [newcomer] = (await capped.signUpCrowd(1, "unconfirmed")) as [Person];
      const hours = Array.from(
        { length: openCaps.sessions_ahead_with_mentor_newcomer + 1 },
        (_, n) => 16 + n,
      );
      const made = [];
      for (const hour of hours) made.push(await makeProgramme(host, { weeks: 8, time: `${hour}:00` }));
      const last = made.pop() as Programme;
      for (const each of made) await joinProgramme(newcomer, each);
      // The twin: they do count.
      (await newcomer.call("POST", "/series", joiningOf(last))).problem("too_many_sessions_ahead");
    } finally {
      await capped.close();
    }
  });

  it("belongs to its mentor", async () => {
    const made = await makeProgramme(mentor);
    const other = await test.makeMentor();
    const path = `/mentors/me/programmes/${made.id}`;
    for (const who of [other, student]) {
      expect((await who.call("PATCH", path, { title: "Mine" })).status).toBeGreaterThanOrEqual(403);
      (await who.call("POST", `${path}/cancel`, {})).problem("programme_not_found");
      (await who.call("GET", `${path}/roster`)).problem("programme_not_found");
    }
    (await mentor.call("POST", "/series", joiningOf(made))).problem("own_session");
    expect(await find(made)).toEqual(made);
  });
});
