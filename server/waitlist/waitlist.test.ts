import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { booking, bookingPage } from "#contract/bookings.ts";
import { mentorWaitlist } from "#contract/waitlist.ts";
import { waitlistLinks } from "../mail/waitlistLink.ts";
import { bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { openGroup } from "../testing/groups.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import {
  daily,
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testSecret,
} from "../testing/testApp.ts";
import * as queues from "./testing/queues.ts";
import { accept, forGroup, letOffersRunOut, offerOf, openFullDay, pass, waitsOf } from "./testing/queues.ts";

let test: TestApp;
let mentor: Mentor;
let taken: { id: string; starts_at: string };
let holder: Person;
let first: Person;
let second: Person;
beforeAll(async () => {
  test = await openTestApp();
});
beforeEach(async () => {
  [holder, first, second] = (await test.signUpCrowd(3)) as [Person, Person, Person];
  ({ mentor, taken } = await openFullDay(test, holder));
});
afterAll(() => test.close());

const forSlot = () => queues.forSlot(mentor, taken.starts_at);
const forDays = (from?: number, to?: number) => queues.forDays(mentor, from, to);
const join = (who: Person, wait = forSlot()) => queues.join(who, mentor, wait);
const joined = (who: Person, wait = forSlot()) => queues.joined(who, mentor, wait);
const free = () => holder.call("POST", `/bookings/${taken.id}/cancel`);
const publicTimes = () => readSlots(test.visitor, mentor, { from: dateIn(mentor, 5) });

describe("a queue", () => {
  it("is joined for a slot, days or a group session, and shows the position", async () => {
    const entry = await joined(first);
    expect(entry).toMatchObject({ kind: "slot", starts_at: taken.starts_at, position: 1, state: "waiting" });
    expect(await joined(second)).toMatchObject({ position: 2 });
    expect(await joined(second, forDays())).toMatchObject({
      from: dateIn(mentor, 5),
      starts_at: null,
      position: 3,
    });
    expect(await waitsOf(second)).toHaveLength(2);
    (await join(first)).problem("waitlist_entry_exists");
    (await join(mentor)).problem("own_session");
    (await join(first, queues.forSlot(mentor, "2020-01-01T10:00:00Z"))).problem("validation_failed");
    (await test.visitor("POST", `/mentors/${mentor.id}/waitlist`, forSlot())).problem("unauthenticated");
  });

  it("is not joined for what is free", async () => {
    const answer = (await join(first, forDays(5, 6))).problem("times_already_free");
    expect(answer.next_slots).toMatchObject([{ date: dateIn(mentor, 6), time: "10:00" }]);
  });

  it("is shown to the mentor in its order, and to no one else", async () => {
    await joined(first);
    await joined(second);
    const { data } = (await mentor.call("GET", "/mentors/me/waitlist")).read(mentorWaitlist);
    expect(data).toMatchObject([
      {
        kind: "slot",
        starts_at: taken.starts_at,
        people: [
          { user_id: first.id, position: 1 },
          { user_id: second.id, position: 2 },
        ],
      },
    ]);
    expect((await first.call("GET", "/mentors/me/waitlist")).json).toEqual({ data: [] });
  });

  it("is left at once, by its own people only", async () => {
    const { id } = await joined(first);
    await joined(second);
    (await second.call("DELETE", `/waitlist/${id}`)).problem("waitlist_entry_not_found");
    (await first.call("DELETE", `/waitlist/${id}`)).expect(204);
    (await first.call("DELETE", `/waitlist/${id}`)).problem("waitlist_entry_not_found");
    expect(await waitsOf(second)).toMatchObject([{ position: 1 }]);
  });
});

describe("freed time", () => {
  it("is never public before it was offered, and is held for the first", async () => {
    await joined(first);
    await joined(second);
    await free();
    // No job has run yet.
    expect(await publicTimes()).toEqual([]);
    (await holder.call("POST", "/bookings", bookingOf(mentor, taken.starts_at))).problem("slot_taken");
    await runJobs(test.db);
    expect(await publicTimes()).toEqual([]);
    expect(await offerOf(first)).toMatchObject({
      state: "open",
      starts_at: taken.starts_at,
      is_final: false,
    });
    expect(await offerOf(second)).toBeUndefined();
    (await holder.call("POST", "/bookings", bookingOf(mentor, taken.starts_at))).problem("slot_taken");
    (await accept(first)).expect(201).read(booking);
    expect(await waitsOf(first)).toMatchObject([{ state: "accepted", offer: { state: "accepted" } }]);
    expect(await waitsOf(second)).toMatchObject([{ state: "waiting", position: 1 }]);
  });

  it("is public in the same moment if the queue is empty", async () => {
    await free();
    expect(await publicTimes()).toHaveLength(1);
  });

  it("goes to the next after a pass, and is public after the last", async () => {
    await joined(first);
    await joined(second);
    await free();
    await runJobs(test.db);
    const passed = (await offerOf(first))?.id;
    (await pass(first)).expect(204);
    expect(await publicTimes()).toEqual([]);
    (await first.call("POST", `/waitlist-offers/${passed}/pass`)).problem("waitlist_offer_closed");
    await runJobs(test.db);
    expect(await offerOf(second)).toMatchObject({ state: "open" });
    (await pass(second)).expect(204);
    expect(await publicTimes()).toHaveLength(1);
  });

  it("goes to the next when an offer lapses; accepting in that moment comes too late", async () => {
    await joined(first);
    await joined(second);
    await free();
    await runJobs(test.db);
    const lapsed = (await offerOf(first))?.id;
    await letOffersRunOut(test.db, first);
    expect(await publicTimes()).toEqual([]);
    const late = await first.call("POST", `/waitlist-offers/${lapsed}/accept`, { total_amount: 2000 });
    late.problem("waitlist_offer_closed");
    await runTask(test.db, "offer_waitlist", { mentor_id: mentor.id });
    expect(await waitsOf(first)).toMatchObject([{ state: "expired", offer: { state: "lapsed" } }]);
    expect(await offerOf(second)).toMatchObject({ state: "open" });
    (await accept(second)).expect(201);
  });

  it("of several days is offered as it comes; a pass waits for other times of them", async () => {
    await joined(first, forDays(5, 5));
    await free();
    await runJobs(test.db);
    (await pass(first)).expect(204);
    expect(await waitsOf(first)).toMatchObject([{ state: "waiting", position: 1 }]);
    // What was passed is public.
    expect(await publicTimes()).toHaveLength(1);
    await mentor.call("POST", "/availability-slots", {
      specific_date: dateIn(mentor, 5),
      start_time: "15:00",
      end_time: "16:00",
    });
    expect((await publicTimes()).map(({ time }) => time)).toEqual(["10:00"]);
    await runJobs(test.db);
    expect(await offerOf(first)).toMatchObject({ state: "open" });
  });

  it("leaves what those who wait cannot use to everyone", async () => {
    await joined(first);
    await mentor.call("POST", "/availability-slots", {
      specific_date: dateIn(mentor, 5),
      start_time: "18:00",
      end_time: "19:00",
    });
    expect((await publicTimes()).map(({ time }) => time)).toEqual(["18:00"]);
  });

  it.each([
    ["a day", { max_per_day: 1 }, 5],
    ["a week", { max_per_week: 1 }, 6],
  ])("under a cap per %s is not lost to another time before it was offered", async (_cap, cap, day) => {
    // Six days ahead may be in the next week, five are not then.
    const other = dateIn(mentor, new Date(taken.starts_at).getUTCDay() === 0 && day === 6 ? 4 : day);
    await mentor.call("POST", "/availability-slots", {
      specific_date: other,
      start_time: "15:00",
      end_time: "16:00",
    });
    (await mentor.call("PATCH", "/mentors/me", cap)).expect(200);
    await joined(first);
    await free();
    const [late] = await readSlots(test.visitor, mentor, { from: other, to: other });
    expect(late).toBeUndefined();
    const starts_at = `${other}T09:30:00.000Z`;
    (await second.call("POST", "/bookings", bookingOf(mentor, starts_at))).problem("slot_unavailable");
    await runJobs(test.db);
    (await accept(first)).expect(201);
  });

  it("takes a person who accepts out of the queues that overlap", async () => {
    await joined(first);
    await joined(first, forDays());
    await joined(second);
    await free();
    await runJobs(test.db);
    (await accept(first)).expect(201);
    expect((await waitsOf(first)).map(({ state }) => state).sort()).toEqual(["accepted", "withdrawn"]);
  });

  it("of a group is held seat by seat", async () => {
    const { mentor: host, session, people } = await openGroup(test, { capacity: 2, people: 2 });
    for (const who of [first, second]) await queues.joined(who, host, forGroup(session.id));
    const [seat] = (await people[0]?.call("GET", "/bookings"))?.read(bookingPage).data ?? [];
    await people[0]?.call("POST", `/bookings/${seat?.id}/cancel`);
    (await holder.call("POST", "/bookings", bookingOf(host, session.starts_at))).problem("slot_taken");
    await runJobs(test.db);
    expect(await offerOf(first)).toMatchObject({ state: "open" });
    // A capacity below the seats and the offers is refused; more seats are offered.
    (await host.call("PATCH", `/mentors/me/group-sessions/${session.id}`, { capacity: 3 })).expect(200);
    await runJobs(test.db);
    expect(await offerOf(second)).toMatchObject({ state: "open" });
    (await host.call("PATCH", `/mentors/me/group-sessions/${session.id}`, { capacity: 2 })).problem(
      "seats_taken",
    );
    (await accept(first)).expect(201);
    (await pass(second)).expect(204);
    (await holder.call("POST", "/bookings", bookingOf(host, session.starts_at))).expect(201);
  });
});

describe("a place in a queue", () => {
  const suspend = (who: Person) =>
    test.db.owner.query("insert into private.closed_accounts (user_id, why) values ($1, 'suspended')", [
      who.id,
    ]);

  it("of a suspended person goes to the next, with what was offered", async () => {
    await joined(first);
    await joined(second);
    await free();
    await runJobs(test.db);
    expect(await offerOf(first)).toBeDefined();
    await suspend(first);
    await runJobs(test.db);
    expect(await offerOf(second)).toMatchObject({ state: "open", starts_at: taken.starts_at });
    const { rows } = await test.db.owner.query(
      "select e.state, o.state as offer from waitlist_entries e join waitlist_offers o on o.entry_id = e.id where e.user_id = $1",
      [first.id],
    );
    expect(rows).toEqual([{ state: "withdrawn", offer: "withdrawn" }]);
  });

  it("ends with a group session that is cancelled for all, whose people are told", async () => {
    const { mentor: host, session } = await openGroup(test, { capacity: 2, people: 2 });
    await queues.joined(first, host, forGroup(session.id));
    (await host.call("POST", `/mentors/me/group-sessions/${session.id}/cancel`, {})).expect(200);
    await runJobs(test.db);
    expect(await waitsOf(first)).toMatchObject([{ state: "withdrawn" }]);
    const { rows } = await test.db.owner.query(
      "select kind, payload ->> 'ended_because' as why from notifications where user_id = $1",
      [first.id],
    );
    expect(rows).toEqual([{ kind: "waitlist_lapsed", why: "cancelled" }]);
  });

  it("follows a group session that moves, and asks again about the new time", async () => {
    const { mentor: host, session, people } = await openGroup(test, { capacity: 2, people: 2 });
    await queues.joined(first, host, forGroup(session.id));
    const [seat] = (await people[0]?.call("GET", "/bookings"))?.read(bookingPage).data ?? [];
    await people[0]?.call("POST", `/bookings/${seat?.id}/cancel`);
    await runJobs(test.db);
    const before = await offerOf(first);
    const to = { scheduled_date: dateIn(host, 12), scheduled_time: "20:00" };
    (await host.call("POST", `/mentors/me/group-sessions/${session.id}/move`, to)).expect(200);
    expect(await offerOf(first)).toBeUndefined();
    await runJobs(test.db);
    const after = await offerOf(first);
    expect(after?.id).not.toBe(before?.id);
    expect(after?.starts_at.slice(0, 10)).toBe(to.scheduled_date);
  });

  it("outlives a session that its first booking opened, when all leave it at once", async () => {
    const host = await test.makeMentor({
      settings: { instant_confirm: true },
      services: [{ session_type: "groupSession", title: "Circle", capacity: 2 }],
    });
    const [slot] = await readSlots(holder.call, host, {
      from: dateIn(host, 5),
      service_id: host.services[0]?.id,
    });
    const crowd = await test.signUpCrowd(2);
    const seats = await Promise.all(
      crowd.map(async (who) =>
        (await who.call("POST", "/bookings", bookingOf(host, slot?.starts_at ?? "")))
          .expect(201)
          .read(booking),
      ),
    );
    const { rows } = await test.db.owner.query<{ id: string }>(
      "select id from group_sessions where expert_id = $1",
      [host.id],
    );
    for (const who of [first, second]) await queues.joined(who, host, forGroup(rows[0]?.id ?? ""));
    await Promise.all(crowd.map((who, index) => who.call("POST", `/bookings/${seats[index]?.id}/cancel`)));
    (await holder.call("POST", "/bookings", bookingOf(host, slot?.starts_at ?? ""))).problem("slot_taken");
    await runJobs(test.db);
    for (const who of [first, second]) expect(await offerOf(who)).toMatchObject({ state: "open" });
  });

  it("is left, and an offer passed, by the links of the mail: once, and not by a changed one", async () => {
    const links = waitlistLinks(testSecret);
    const { id } = await joined(first);
    await free();
    await runJobs(test.db);
    const offer = (await offerOf(first))?.id ?? "";
    const use = (token: string) => test.visitor("POST", "/waitlist-links", { token });
    const token = links.sign({ action: "pass", id: offer, userId: first.id });
    (await use(token.replace("v1.pass", "v1.leave"))).problem("not_found");
    (await use(links.sign({ action: "leave", id, userId: second.id }))).problem("waitlist_entry_not_found");
    expect((await use(token)).expect(200).json).toEqual({ action: "pass" });
    (await use(token)).problem("waitlist_offer_closed");
    expect(await waitsOf(first)).toMatchObject([{ state: "left" }]);
  });
});

it("an offer ends once, whatever is written", async () => {
  await joined(first);
  await free();
  await runJobs(test.db);
  (await pass(first)).expect(204);
  for (const state of ["open", "accepted", "lapsed", "withdrawn"]) {
    const again = test.db.owner.query("update waitlist_offers set state = $2 where user_id = $1", [
      first.id,
      state,
    ]);
    await expect(again).rejects.toMatchObject({ constraint: "waitlist_offers_end_once" });
  }
});

it("a booking that moves does not take what others wait for, nor is it kept from time beside its own", async () => {
  await mentor.call("PUT", "/availability-slots", { recurringSlots: daily("10:00", "12:00") });
  // An entry is for the hour that the booking has: from half past ten on it may still move.
  await joined(first);
  const half = new Date(Date.parse(taken.starts_at) + 30 * 60_000).toISOString();
  const to = { scheduled_date: dateIn(mentor, 5), scheduled_time: "10:30", starts_at: half };
  (await holder.call("POST", `/bookings/${taken.id}/reschedule`, to)).expect(200);
});
