import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../app.ts";
import { notifyOfEvents } from "../notifications/eventNotifier.ts";
import { muteMails } from "../notifications/settings.ts";
import { systemClock } from "../platform/clock.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { bookAny, dateIn } from "../testing/booking.ts";
import { type EventReader, readEvents } from "../testing/eventReader.ts";
import { type Mentor, openTestApp, type Person, type TestApp, testConfig } from "../testing/testApp.ts";

/** Two processes of the app on one database: people look at the first and act on the second. */
let acting: TestApp;
let watched: TypedApp;
let watchedUrl: string;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  acting = await openTestApp();
  watched = await buildApp({
    config: testConfig,
    database: acting.db.database,
  });
  watchedUrl = await watched.listen({ host: "127.0.0.1", port: 0 });
  mentor = await acting.makeMentor();
  [student] = (await acting.signUpCrowd(1)) as [Person];
});
afterAll(async () => {
  await watched.close();
  await acting.close();
});

const watchMentor = (headers = {}) =>
  readEvents(`${watchedUrl}/api/v1/mentors/${mentor.profile.username}/events`, headers);
const watchPerson = ({ token }: Person) =>
  readEvents(`${watchedUrl}/api/v1/me/events`, { authorization: `Bearer ${token}` });

/** Starts listening: its first connection notifies every stream once. */
async function settled(stream: EventReader): Promise<EventReader> {
  await stream.quiet();
  stream.clear();
  return stream;
}

/** What a stream has reported once it is quiet. */
async function settledEvents(stream: EventReader) {
  await stream.quiet();
  stream.close();
  return stream.events;
}

describe("a mentor's times", () => {
  const changes: [string, () => Promise<unknown>][] = [
    ["a student books", () => bookAny(student, mentor)],
    [
      "hours are added",
      () =>
        mentor.call("POST", "/availability-slots", {
          specific_date: dateIn(mentor, 9),
          start_time: "19:00",
          end_time: "20:00",
        }),
    ],
    ["a day is blocked", () => mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, 20) })],
    ["the notice changes", () => mentor.call("PATCH", "/mentors/me", { minimum_notice: 60 })],
    [
      "a service's lengths change",
      () =>
        mentor.call("PATCH", `/mentors/me/services/${mentor.services[0]?.id}`, {
          durations: [{ minutes: 60, price: 2000 }],
        }),
    ],
  ];
  it.each(changes)("are announced within a second when %s", async (_name, change) => {
    const stream = await settled(await watchMentor());
    await change();
    const [event] = await stream.next(1, 1_000);
    expect(event).toMatchObject({ event: "availability", data: JSON.stringify({ mentor_id: mentor.id }) });
    expect(event?.id).not.toBe("");
    stream.close();
  });

  it("are not announced when something else changes: the twin", async () => {
    const other = await acting.makeMentor();
    const stream = await settled(await watchMentor());
    await mentor.call("PATCH", "/mentors/me", { bio: "Another biography" });
    await bookAny(student, other);
    await stream.quiet(500);
    expect(stream.events).toEqual([]);
    stream.close();
  });

  it("a burst of changes reaches a page as a few events", async () => {
    const stream = await settled(await watchMentor());
    for (let day = 30; day < 50; day++)
      await mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, day) });
    await stream.quiet(600);
    expect(stream.events.length).toBeGreaterThan(0);
    expect(stream.events.length).toBeLessThan(20);
    stream.close();
  });

  it("a client that reconnects is immediately notified that it may have missed changes", async () => {
    const stream = await watchMentor({ "last-event-id": "1-1" });
    expect(await stream.next(1, 1_000)).toHaveLength(1);
    stream.close();
  });

  it("a mentor who does not exist has no stream", async () => {
    (await acting.visitor("GET", "/mentors/nobody-at-all/events")).problem("mentor_not_found");
  });

  it("the response is neither cached nor compressed", async () => {
    const stream = await watchMentor({ "accept-encoding": "gzip" });
    expect(stream.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(stream.headers.get("content-encoding")).toBeNull();
    expect(stream.headers.get("cache-control")).toContain("no-transform");
    expect(stream.headers.get("x-content-type-options")).toBe("nosniff");
    stream.close();
  });
});

describe("a person's own data", () => {
  it("a booking is announced only to its two parties", async () => {
    const [stranger] = (await acting.signUpCrowd(1)) as [Person];
    const streams = await Promise.all(
      [student, mentor, stranger].map((who) => watchPerson(who).then(settled)),
    );
    await bookAny(student, mentor);
    const [forStudent, forMentor, forStranger] = streams as [EventReader, EventReader, EventReader];
    for (const stream of [forStudent, forMentor]) {
      expect(await stream.next(1, 1_000)).toMatchObject([{ event: "change", data: '{"about":"bookings"}' }]);
    }
    await forStranger.quiet(300);
    expect(forStranger.events).toEqual([]);
    for (const stream of streams) stream.close();
  });

  it("an address that its mail server rejects, and that is reached again, is announced to its owner", async () => {
    const [owner, other] = (await acting.signUpCrowd(2)) as [Person, Person];
    const [stream, others] = await Promise.all([owner, other].map((who) => watchPerson(who).then(settled)));
    const { owner: database } = acting.db;
    const about = { event: "change", data: '{"about":"account"}' };
    await database.query("insert into private.unreachable_addresses values ($1, '550 Gone')", [owner.email]);
    expect(await stream!.next(1, 1_000)).toMatchObject([about]);
    expect((await owner.call("GET", "/me")).expect(200).json).toMatchObject({ email_reachable: false });
    expect((await other.call("GET", "/me")).expect(200).json).toMatchObject({ email_reachable: true });
    await database.query("select private.address_was_reached($1)", [owner.email]);
    expect(await stream!.next(2, 1_000)).toMatchObject([about, about]);
    await others!.quiet(300);
    expect(others!.events).toEqual([]);
    for (const each of [stream!, others!]) each.close();
  });

  it("mails that a link has ended are announced once", async () => {
    const [reader] = (await acting.signUpCrowd(1)) as [Person];
    const stream = await settled(await watchPerson(reader));
    const end = () => acting.db.database.asSystem("test", null, (tx) => muteMails(tx, reader.id, "reviews"));
    await end();
    await end();
    await stream.quiet(300);
    expect(stream.events).toMatchObject([{ event: "change", data: '{"about":"account"}' }]);
    stream.close();
  });

  it("a client that begins to listen just after a change is notified: its data may be older", async () => {
    const [booking, other] = (await acting.signUpCrowd(2)) as [Person, Person];
    // From now on this process listens to the database.
    const first = await settled(await watchPerson(other));
    await bookAny(booking, mentor);
    await expect.poll(async () => (await watchPerson(booking).then(settledEvents)).length).toBe(1);
    // Twin: nothing of theirs has changed.
    expect(await watchPerson(other).then(settledEvents)).toEqual([]);
    first.close();
  });

  it("a visitor has no such stream", async () => {
    (await acting.visitor("GET", "/me/events")).problem("unauthenticated");
  });
});

describe("one stream for all windows of a browser", () => {
  const watchBoth = (query: string, who: Person) =>
    readEvents(`${watchedUrl}/api/v1/events?${query}`, { authorization: `Bearer ${who.token}` });

  it("reports mentors' times and the person's own data", async () => {
    const other = await acting.makeMentor();
    const stream = await settled(
      await watchBoth(`for=${student.id}&mentors=${mentor.id},${other.id}`, student),
    );
    await bookAny(student, other);
    const events = await stream.next(2, 1_500);
    expect(events).toContainEqual(
      expect.objectContaining({ event: "availability", data: JSON.stringify({ mentor_id: other.id }) }),
    );
    expect(events).toContainEqual(expect.objectContaining({ event: "change", data: '{"about":"bookings"}' }));
    stream.close();
  });

  it("reports no other person's data, and reports that another person is signed in", async () => {
    const [stranger] = (await acting.signUpCrowd(1)) as [Person];
    const stream = await watchBoth(`for=${student.id}&mentors=${mentor.id}`, stranger);
    await expect
      .poll(() => stream.events)
      .toContainEqual(expect.objectContaining({ event: "change", data: '{"about":"session"}' }));
    await settled(stream);
    await bookAny(student, mentor);
    const [event] = await stream.next(1, 1_500);
    expect(event).toMatchObject({ event: "availability" });
    await stream.quiet(300);
    expect(stream.events.filter((one) => one.event === "change")).toEqual([]);
    stream.close();
  });

  it("ends with the session, and requires a topic", async () => {
    const [leaving] = (await acting.signUpCrowd(1)) as [Person];
    const stream = await settled(await watchBoth(`for=${leaving.id}`, leaving));
    await leaving.call("POST", "/api/auth/sign-out", {});
    await Promise.race([stream.ended, new Promise((resolve) => setTimeout(resolve, 2_000))]);
    stream.close();
    for (const query of ["", "?mentors=nobody", `?mentors=${Array(21).fill(mentor.id).join(",")}`]) {
      (await acting.visitor("GET", `/events${query}`)).problem("validation_failed");
    }
  });
});

describe("the database goes away", () => {
  const cut = () =>
    acting.db.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'matepeak listener' and datname = current_database()`,
    );

  it("and back: every client is notified once, and receives changes again", async () => {
    const stream = await settled(await watchMentor());
    expect((await cut()).rowCount).toBeGreaterThan(0);
    expect(await stream.next(1, 3_000)).toHaveLength(1);
    await stream.quiet();
    expect(stream.events).toHaveLength(1);
    stream.clear();
    await bookAny(student, mentor);
    expect(await stream.next(1, 1_000)).toHaveLength(1);
    stream.close();
  });

  it("what happened in the gap is not lost", async () => {
    const stream = await settled(await watchMentor());
    await cut();
    await bookAny(student, mentor);
    expect((await stream.next(1, 3_000)).length).toBeGreaterThan(0);
    stream.close();
  });
});

it("one address does not take all connections", async () => {
  const streams = await Promise.all(Array.from({ length: 30 }, () => watchMentor()));
  const refused = await fetch(`${watchedUrl}/api/v1/mentors/${mentor.id}/events`);
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: "rate_limited" });
  for (const stream of streams) stream.close();
  await expect
    .poll(async () => {
      const again = await watchMentor();
      again.close();
      return again.status;
    })
    .toBe(200);
});

it("a process that stops ends its streams instead of waiting for them", async () => {
  const third = await buildApp({
    config: testConfig,
    database: acting.db.database,
  });
  const url = await third.listen({ host: "127.0.0.1", port: 0 });
  const stream = await readEvents(`${url}/api/v1/mentors/${mentor.id}/events`);
  const began = performance.now();
  await third.close();
  expect(performance.now() - began).toBeLessThan(2_000);
  await stream.ended;
});

describe("an announcement that is lost with its process", () => {
  /** What a kill between the commit and the announcement leaves: the change, and no announcement of it. */
  const losing = async (statement: string) => {
    const { owner } = acting.db;
    await owner.query(`begin; set local matepeak.announces = later; ${statement}; commit`);
  };
  const book = (time: string) =>
    losing(`insert into bookings (user_id, expert_id, session_type, scheduled_date, scheduled_time, duration, starts_at, status)
      select '${student.id}', '${mentor.id}', session_type, '${dateIn(mentor, 15)}', '${time}', 60, null, 'confirmed'
      from services where expert_id = '${mentor.id}' limit 1`);

  it("is made up for by the worker, for both people's lists", async () => {
    const streams = await Promise.all(
      [mentor, student].map(async (person) => settled(await watchPerson(person))),
    );
    await book("10:00");
    for (const stream of streams) {
      await stream.quiet(300);
      expect(stream.events).toEqual([]);
    }
    await acting.db.owner.query("select pg_sleep(0.5)");
    await notifyOfEvents({ database: acting.db.database, now: systemClock });
    for (const stream of streams) {
      await expect
        .poll(() => stream.events.map(({ data }) => data), { timeout: 5_000 })
        .toContain(JSON.stringify({ about: "bookings" }));
      stream.close();
    }
  });

  it("costs open pages of the mentor's times a second", async () => {
    const stream = await settled(await watchMentor());
    await book("12:00");
    expect(await stream.next(1, 5_000)).toMatchObject([{ event: "availability" }]);
    stream.close();
  });
});
