import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { booking, bookingPage } from "#contract/bookings.ts";
import { type JoinWaitlist, mentorWaitlist, waitlist, waitlistEntry } from "#contract/waitlist.ts";
import { book, bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { openGroup } from "../testing/groups.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
let mentor: Mentor;
let holder: Person;
let first: Person;
let second: Person;
beforeAll(async () => {
  test = await openTestApp();
});
/** One hour a day; that of the fifth day is booked. */
let taken: { id: string; starts_at: string };
beforeEach(async () => {
  mentor = await test.makeMentor({
    name: "Asha Rao",
    windows: daily("10:00", "11:00"),
    settings: { instant_confirm: true },
  });
  [holder, first, second] = (await test.signUpCrowd(3)) as [Person, Person, Person];
  const [slot] = await readSlots(holder.call, mentor, { from: dateIn(mentor, 5) });
  taken = await book(holder, mentor, slot?.starts_at ?? "");
});
afterAll(() => test.close());

const timezone = "Asia/Kolkata";
const service = () => ({ service_id: mentor.services[0]?.id ?? "", duration: 60, timezone });
const forSlot = (): JoinWaitlist => ({ kind: "slot", ...service(), starts_at: taken.starts_at });
const forDays = (from = 5, to = from): JoinWaitlist => ({
  kind: "days",
  ...service(),
  from: dateIn(mentor, from),
  to: dateIn(mentor, to),
});
const join = (who: Person, body = forSlot()) => who.call("POST", `/mentors/${mentor.id}/waitlist`, body);
const joined = async (who: Person, body?: JoinWaitlist) =>
  (await join(who, body)).expect(201).read(waitlistEntry);
const mine = async (who: Person) => (await who.call("GET", "/waitlist")).expect(200).read(waitlist).data;
const free = () => holder.call("POST", `/bookings/${taken.id}/cancel`);
const offerOf = async (who: Person) =>
  (await mine(who)).flatMap(({ offer }) => offer ?? []).find(({ state }) => state === "open");
const accept = async (who: Person) =>
  who.call("POST", `/waitlist-offers/${(await offerOf(who))?.id}/accept`, { total_amount: 2000 });
const pass = async (who: Person) => who.call("POST", `/waitlist-offers/${(await offerOf(who))?.id}/pass`);
const publicTimes = () => readSlots(test.visitor, mentor, { from: dateIn(mentor, 5) });

/** An offer's time is over, and nothing has noticed yet. */
async function letOfferRunOut(who: Person): Promise<void> {
  const { owner } = test.db;
  const ago = "now() - interval '1 second'";
  await owner.query("set session_replication_role = replica");
  await owner.query(
    `with ended as (update waitlist_offers set expires_at = ${ago} where user_id = $1 and state = 'open' returning occupancy_id)
     update occupancies set expires_at = ${ago} where state = 'hold' and id in (select occupancy_id from ended)`,
    [who.id],
  );
  await owner.query("reset session_replication_role");
}

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
    expect(await mine(second)).toHaveLength(2);
    (await join(first)).problem("waitlist_entry_exists");
    (await join(mentor)).problem("own_session");
    (await join(first, { ...forSlot(), starts_at: "2020-01-01T10:00:00Z" } as JoinWaitlist)).problem(
      "validation_failed",
    );
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
    expect(await mine(second)).toMatchObject([{ position: 1 }]);
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
    expect(await mine(first)).toMatchObject([{ state: "accepted", offer: { state: "accepted" } }]);
    expect(await mine(second)).toMatchObject([{ state: "waiting", position: 1 }]);
  });

  it("is public in the same moment if nobody waits", async () => {
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
    await letOfferRunOut(first);
    expect(await publicTimes()).toEqual([]);
    const late = await first.call("POST", `/waitlist-offers/${lapsed}/accept`, { total_amount: 2000 });
    late.problem("waitlist_offer_closed");
    await runTask(test.db, "offer_waitlist", { mentor_id: mentor.id });
    expect(await mine(first)).toMatchObject([{ state: "expired", offer: { state: "lapsed" } }]);
    expect(await offerOf(second)).toMatchObject({ state: "open" });
    (await accept(second)).expect(201);
  });

  it("of several days is offered as it comes; a pass waits for other times of them", async () => {
    await joined(first, forDays(5, 5));
    await free();
    await runJobs(test.db);
    (await pass(first)).expect(204);
    expect(await mine(first)).toMatchObject([{ state: "waiting", position: 1 }]);
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

  it("takes a person who accepts out of the queues that overlap", async () => {
    await joined(first);
    await joined(first, forDays());
    await joined(second);
    await free();
    await runJobs(test.db);
    (await accept(first)).expect(201);
    expect((await mine(first)).map(({ state }) => state).sort()).toEqual(["accepted", "withdrawn"]);
  });

  it("of a group is held seat by seat", async () => {
    const { mentor: host, session, people } = await openGroup(test, { capacity: 2, people: 2 });
    const waits = { kind: "group", group_session_id: session.id, timezone };
    for (const who of [first, second])
      (await who.call("POST", `/mentors/${host.id}/waitlist`, waits)).expect(201);
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
