import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { booking, bookingPage } from "#contract/bookings.ts";
import type { GroupSession } from "#contract/groupSessions.ts";
import { waitlistLinks } from "../mail/waitlistLink.ts";
import { bookingOf, dateIn, readSlots } from "../testing/booking.ts";
import { openGroup } from "../testing/groups.ts";
import { runJobs } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testSecret } from "../testing/testApp.ts";
import * as queues from "./testing/queues.ts";
import { accept, forGroup, offerOf, openFullDay, waitsOf } from "./testing/queues.ts";

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

/** The first two wait, and the first is asked. */
async function offered(): Promise<string> {
  for (const who of [first, second])
    await queues.joined(who, mentor, queues.forSlot(mentor, taken.starts_at));
  await holder.call("POST", `/bookings/${taken.id}/cancel`);
  await runJobs(test.db);
  return (await offerOf(first))?.id ?? "";
}

const acceptId = (id: string) => first.call("POST", `/waitlist-offers/${id}/accept`, { total_amount: 2000 });

/** A full group of two, whose first attendee leaves: the seat is offered to the first. */
async function seatOffered(): Promise<{ host: Mentor; session: GroupSession }> {
  const { mentor: host, session, people } = await openGroup(test, { capacity: 2, people: 2 });
  for (const who of [first, second]) await queues.joined(who, host, forGroup(session.id));
  const [seat] = await bookingsOf(people[0]!);
  await people[0]!.call("POST", `/bookings/${seat?.id}/cancel`);
  await runJobs(test.db);
  expect(await offerOf(first)).toMatchObject({ state: "open" });
  return { host, session };
}

const bookingsOf = async (who: Person) =>
  (await who.call("GET", "/bookings?limit=100")).read(bookingPage).data;

describe("the same person twice at once", () => {
  it("books once from two tabs; the other says that the offer has ended", async () => {
    const id = await offered();
    const answers = await Promise.all([acceptId(id), acceptId(id)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    answers.find(({ status }) => status === 409)?.problem("waitlist_offer_closed");
    expect(await bookingsOf(first)).toHaveLength(1);
  });

  it("books once with one key that is sent twice", async () => {
    const id = await offered();
    const send = () =>
      test.app.inject({
        method: "POST",
        url: `/api/v1/waitlist-offers/${id}/accept`,
        headers: { authorization: `Bearer ${first.token}`, "idempotency-key": "the same attempt" },
        payload: { total_amount: 2000 },
      });
    await Promise.all([send(), send()]);
    const answer = await send();
    expect(answer.statusCode).toBe(201);
    expect(await bookingsOf(first)).toMatchObject([{ id: answer.json().id }]);
  });

  it.each([
    ["passes", (id: string) => first.call("POST", `/waitlist-offers/${id}/pass`)],
    ["leaves the queue", (_id: string, entry: string) => first.call("DELETE", `/waitlist/${entry}`)],
  ])("accepts and %s: what comes first counts, and only that", async (_name, giveUp) => {
    const id = await offered();
    const entry = (await waitsOf(first))[0]?.id ?? "";
    const [accepted, given] = await Promise.all([acceptId(id), giveUp(id, entry)]);
    await runJobs(test.db);
    const isBooked = (await bookingsOf(first)).length === 1;
    expect([accepted.status, given.status === 204]).toEqual(isBooked ? [201, false] : [409, true]);
    expect((await offerOf(second)) === undefined).toBe(isBooked);
  });

  it("is offered one seat of a session, however many ways they wait for it; the other goes to the next", async () => {
    const { mentor: host, session, people } = await openGroup(test, { capacity: 2, people: 2 });
    await queues.joined(first, host, forGroup(session.id));
    await queues.joined(first, host, queues.forSlot(host, session.starts_at));
    await queues.joined(second, host, forGroup(session.id));
    const leave = async (who: Person) =>
      (await who.call("POST", `/bookings/${(await bookingsOf(who))[0]?.id}/cancel`)).expect(200);
    const openOffers = async (who: Person) =>
      (await waitsOf(who)).filter(({ offer }) => offer?.state === "open").length;
    await leave(people[0]!);
    await runJobs(test.db);
    expect([await openOffers(first), await openOffers(second)]).toEqual([1, 0]);
    await leave(people[1]!);
    await runJobs(test.db);
    expect([await openOffers(first), await openOffers(second)]).toEqual([1, 1]);
    (await accept(first)).expect(201);
    expect((await waitsOf(first)).map(({ state }) => state).sort()).toEqual(["accepted", "withdrawn"]);
  });

  it("is in a queue once", async () => {
    const wait = queues.forSlot(mentor, taken.starts_at);
    const answers = await Promise.all([1, 2].map(() => queues.join(first, mentor, wait)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await waitsOf(first)).toHaveLength(1);
  });
});

describe("a person who has booked the time", () => {
  it("does not wait for it: neither for the own slot nor for a second seat", async () => {
    (await queues.join(holder, mentor, queues.forSlot(mentor, taken.starts_at))).problem("already_booked");
    const overlapping = new Date(Date.parse(taken.starts_at) + 30 * 60_000).toISOString();
    (await queues.join(holder, mentor, queues.forSlot(mentor, overlapping))).problem("already_booked");
    const { mentor: host, session, people } = await openGroup(test, { capacity: 2, people: 2 });
    (await queues.join(people[0]!, host, forGroup(session.id))).problem("already_booked");
    expect(await waitsOf(people[0]!)).toEqual([]);
  });

  it("waits for the rest of the days; a seat that is freed there is offered to the next", async () => {
    const {
      mentor: host,
      session,
      people,
    } = await openGroup(test, {
      capacity: 2,
      people: 2,
      opens_by_booking: false,
    });
    const [member, leaver] = people as [Person, Person];
    await queues.joined(member, host, queues.forDays(host, 10, 12));
    await queues.joined(first, host, queues.forDays(host, 10, 12));
    const [seat] = await bookingsOf(leaver);
    await leaver.call("POST", `/bookings/${seat?.id}/cancel`);
    await runJobs(test.db);
    expect(await offerOf(member)).toBeUndefined();
    expect(await offerOf(first)).toMatchObject({ state: "open", starts_at: session.starts_at });
  });
});

describe("a mentor", () => {
  it("who cancels a group while a seat of it is accepted leaves nothing booked or offered", async () => {
    const { host, session } = await seatOffered();
    const path = `/mentors/me/group-sessions/${session.id}/cancel`;
    const [accepted, cancelled] = await Promise.all([
      accept(first, { total_amount: 2000 }),
      host.call("POST", path, {}),
    ]);
    cancelled.expect(200);
    expect([201, 404, 409]).toContain(accepted.status);
    await runJobs(test.db);
    for (const { status } of await bookingsOf(first)) expect(status).toBe("cancelled");
    for (const who of [first, second]) expect(await offerOf(who)).toBeUndefined();
  });

  it("cannot accept, pass or leave for a person who waits", async () => {
    const id = await offered();
    const [entry] = await waitsOf(first);
    for (const [method, path] of [
      ["POST", `/waitlist-offers/${id}/accept`],
      ["POST", `/waitlist-offers/${id}/pass`],
    ] as const)
      (await mentor.call(method, path, { total_amount: 2000 })).problem("waitlist_offer_not_found");
    (await mentor.call("DELETE", `/waitlist/${entry?.id}`)).problem("waitlist_entry_not_found");
    expect(await offerOf(first)).toMatchObject({ state: "open" });
  });

  it("who makes the time one that cannot be cancelled needs the person's word", async () => {
    const id = await offered();
    const path = `/mentors/me/services/${mentor.services[0]?.id}`;
    (await mentor.call("PATCH", path, { cancel_cutoff: 14 * 24 * 60 })).expect(200);
    expect(await offerOf(first)).toMatchObject({ id, is_final: true });
    expect((await accept(first)).problem("validation_failed").errors).toMatchObject([
      { field: "agrees_final" },
    ]);
    (await accept(first, { agrees_final: true })).expect(201);
  });
});

describe("a stranger", () => {
  it("reaches nothing by the ids of others", async () => {
    const id = await offered();
    const [entry] = await waitsOf(first);
    for (const call of [second.call, holder.call]) {
      (await call("POST", `/waitlist-offers/${id}/accept`, { total_amount: 2000 })).problem(
        "waitlist_offer_not_found",
      );
      (await call("POST", `/waitlist-offers/${id}/pass`)).problem("waitlist_offer_not_found");
      (await call("DELETE", `/waitlist/${entry?.id}`)).problem("waitlist_entry_not_found");
    }
    (await test.visitor("POST", `/waitlist-offers/${id}/accept`, { total_amount: 2000 })).problem(
      "unauthenticated",
    );
    expect(await offerOf(first)).toMatchObject({ state: "open" });
  });

  it("cannot use a link for another id or person than it was signed for", async () => {
    const id = await offered();
    const links = waitlistLinks(testSecret);
    const use = (token: string) => test.visitor("POST", "/waitlist-links", { token });
    const own = links.sign({ action: "pass", id, userId: second.id });
    (await use(own)).problem("waitlist_offer_not_found");
    (await use(own.replace(second.id, first.id))).problem("not_found");
    (
      await use(
        waitlistLinks("another secret of thirty-two bytes").sign({ action: "pass", id, userId: first.id }),
      )
    ).problem("not_found");
    expect(await offerOf(first)).toMatchObject({ state: "open" });
  });

  it("does not take what is held by moving a session there", async () => {
    await offered();
    const [slot] = await readSlots(test.visitor, mentor, { from: dateIn(mentor, 6) });
    const made = (await holder.call("POST", "/bookings", bookingOf(mentor, slot?.starts_at ?? "")))
      .expect(201)
      .read(booking);
    const to = {
      scheduled_date: dateIn(mentor, 5),
      scheduled_time: "10:00",
      starts_at: taken.starts_at,
    };
    (await holder.call("POST", `/bookings/${made.id}/reschedule`, to)).problem("slot_taken");
  });
});

describe("a person with the offer of a seat", () => {
  it("who deletes the account frees it for the next in line", async () => {
    const { session } = await seatOffered();
    (await first.call("POST", "/me/delete", { confirmed: true })).expect(202);
    await runJobs(test.db);
    expect(await offerOf(second)).toMatchObject({ state: "open", starts_at: session.starts_at });
    await expectOneHeldSeat(session);
  });

  it("who is suspended frees it for the next in line", async () => {
    const { session } = await seatOffered();
    await test.db.owner.query("insert into private.closed_accounts (user_id, why) values ($1, 'suspended')", [
      first.id,
    ]);
    await runJobs(test.db);
    expect(await offerOf(second)).toMatchObject({ state: "open", starts_at: session.starts_at });
    await expectOneHeldSeat(session);
  });

  /** One of the two seats is booked, the other one is held for the second. */
  async function expectOneHeldSeat({ id }: GroupSession): Promise<void> {
    const { rows } = await test.db.owner.query(
      `select o.seats_taken,
         (select count(*)::integer from bookings b where b.occupancy_id = o.id) as booked,
         (select json_agg(w.user_id) from waitlist_offers w where w.occupancy_id = o.id and w.state = 'open') as offered_to
       from group_sessions g join occupancies o on o.id = g.occupancy_id where g.id = $1`,
      [id],
    );
    expect(rows).toEqual([{ seats_taken: 2, booked: 1, offered_to: [second.id] }]);
  }
});
