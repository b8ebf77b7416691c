import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { booking, bookingEvents } from "#contract/bookings.ts";
import {
  attendees,
  checkedStarts,
  groupSession,
  groupSessionList,
  ownGroupSessionList,
  roster,
  seatsChanged,
} from "#contract/groupSessions.ts";
import { notificationPage } from "#contract/notifications.ts";
import { slotAnswer } from "#contract/slots.ts";
import { bookingOf, dateIn, moveBooking, readSlots } from "../testing/booking.ts";
import { joinGroup, type OpenGroup, openGroup, schedule } from "../testing/groups.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";

let test: TestApp;
beforeAll(async () => {
  test = await openTestApp();
});
afterAll(() => test.close());

const find = async ({ mentor, session }: Pick<OpenGroup, "mentor" | "session">) =>
  (await test.visitor("GET", `/mentors/${mentor.id}/group-sessions/${session.id}`))
    .expect(200)
    .read(groupSession);
const change = ({ mentor, session }: OpenGroup, step: string, body: object) =>
  mentor.call("POST", `/mentors/me/group-sessions/${session.id}/${step}`, body);
const decide = async (session: { id: string }) => {
  await test.db.owner.query("update group_sessions set decide_at = now() where id = $1", [session.id]);
  await runTask(test.db, "decide_group_sessions");
};
const bookingsOf = async (person: Person) =>
  (await person.call("GET", "/bookings")).json as { data: { id: string; status: string }[] };

describe("a scheduled group session", () => {
  it("is public, takes its time without a seat taken, and is offered outside of the hours", async () => {
    const open = await openGroup(test, { opens_by_booking: false });
    const { mentor, session } = open;
    expect(session).toMatchObject({
      is_scheduled: true,
      state: "open",
      capacity: 8,
      seats_taken: 0,
      seats_left: 8,
    });
    expect(await find(open)).toEqual(session);
    const list = await test.visitor("GET", `/mentors/${mentor.profile.username}/group-sessions`);
    expect(list.read(groupSessionList).data).toEqual([session]);
    const slots = await readSlots(test.visitor, mentor, {
      from: dateIn(mentor, 1),
      to: dateIn(mentor, 20),
      service_id: mentor.services[0]?.id ?? "",
    });
    expect(slots.map(({ starts_at, seats_left }) => [starts_at, seats_left])).toEqual([
      [session.starts_at, 8],
    ]);
  });

  it("is one of several, all of them or none", async () => {
    const { mentor, session } = await openGroup(test);
    const weekly = await schedule(mentor, dateIn(mentor, 11), { weeks: 3, capacity: 4, min_attendees: 2 });
    expect(weekly).toMatchObject({ capacity: 4, min_attendees: 2 });
    const listed = async () =>
      (await mentor.call("GET", "/mentors/me/group-sessions")).read(ownGroupSessionList).data.length;
    expect(await listed()).toBe(4);
    const body = {
      service_id: mentor.services[0]?.id,
      duration: 60,
      scheduled_date: dateIn(mentor, 3),
      scheduled_time: "20:30",
      weeks: 3,
    };
    const refused = (await mentor.call("POST", "/mentors/me/group-sessions", body)).problem("slot_taken");
    expect(refused.taken_starts?.length).toBe(1);
    expect(Date.parse(refused.taken_starts?.[0] ?? "") - Date.parse(session.starts_at)).toBe(30 * 60_000);
    expect(await listed()).toBe(4);
  });

  it.each([
    ["service_id", { service_id: "00000000-0000-4000-8000-000000000000" }],
    ["duration", { duration: 45 }],
    ["capacity", { capacity: 1 }],
    ["capacity", { capacity: 501 }],
    ["min_attendees", { min_attendees: 9 }],
    ["scheduled_date", { scheduled_date: "2020-01-01" }],
    ["weeks", { weeks: 53 }],
  ])("with a wrong %s is refused at that field: %o", async (field, wrong) => {
    const mentor = await test.makeMentor({
      services: [{ session_type: "groupSession", title: "Circle", capacity: 8 }],
    });
    const body = {
      service_id: mentor.services[0]?.id,
      duration: 60,
      scheduled_date: dateIn(mentor, 3),
      scheduled_time: "20:30",
      ...wrong,
    };
    const problem = (await mentor.call("POST", "/mentors/me/group-sessions", body)).problem(
      "validation_failed",
    );
    expect(problem.errors?.[0]?.field).toBe(field);
  });

  it("is known beforehand to meet another session, a day off or no hours, and is scheduled at the latter all the same", async () => {
    const { mentor, session } = await openGroup(test);
    const date = dateIn(mentor, 10);
    (await mentor.call("POST", "/blocked-dates", { date: dateIn(mentor, 17) })).expect(201);
    const check = async (time: string, others = {}) => {
      const query = new URLSearchParams({
        duration: "60",
        scheduled_date: date,
        scheduled_time: time,
        weeks: "3",
        ...others,
      });
      const answer = await mentor.call("GET", `/mentors/me/group-sessions/check?${query}`);
      return answer.expect(200).read(checkedStarts).data;
    };
    const starts = await check("20:30");
    expect(starts.map(({ verdict, is_refused }) => [verdict, is_refused])).toEqual([
      ["taken", true],
      ["blocked", false],
      ["outside_hours", false],
    ]);
    expect(starts.map(({ scheduled_date }) => scheduled_date)).toEqual([
      date,
      dateIn(mentor, 17),
      dateIn(mentor, 24),
    ]);
    // A session that moves is not in its own way.
    expect((await check("20:30", { moved: session.id }))[0]).toMatchObject({ verdict: "outside_hours" });
    expect(await check("10:00")).toMatchObject([
      { verdict: "free" },
      { verdict: "blocked" },
      { verdict: "free" },
    ]);
    // What it refuses is refused, and what it warns of is not.
    const skipped_dates = [dateIn(mentor, 24)];
    const body = {
      service_id: mentor.services[0]?.id,
      duration: 60,
      weeks: 3,
      scheduled_date: date,
      skipped_dates,
    };
    const schedules = (time: string) =>
      mentor.call("POST", "/mentors/me/group-sessions", { ...body, scheduled_time: time });
    expect((await schedules("20:30")).problem("slot_taken").taken_starts).toEqual([starts[0]?.starts_at]);
    (await schedules("21:00")).expect(201);
  });

  it("belongs to its mentor: others can neither change, cancel, move, read nor write to it", async () => {
    const open = await openGroup(test, { people: 1 });
    const other = await test.makeMentor();
    const path = `/mentors/me/group-sessions/${open.session.id}`;
    for (const who of [other, open.people[0]!]) {
      const asked = [
        who.call("PATCH", path, { capacity: 9 }),
        who.call("POST", `${path}/cancel`, {}),
        who.call("POST", `${path}/move`, { scheduled_date: dateIn(open.mentor, 5), scheduled_time: "20:00" }),
        who.call("POST", `${path}/message`, { message: "Hello" }),
        who.call("GET", `${path}/roster`),
      ];
      for (const answer of await Promise.all(asked)) expect([403, 404]).toContain(answer.status);
    }
    expect(await find(open)).toMatchObject({ state: "open", capacity: 8, seats_taken: 1 });
  });

  it("loses one seat when a person leaves, and nothing else", async () => {
    const open = await openGroup(test, { people: 2 });
    const [first, second] = open.people as [Person, Person];
    for (const [person, left] of [
      [first, 1],
      [second, 0],
    ] as const) {
      const { data } = await bookingsOf(person);
      (await person.call("POST", `/bookings/${data[0]?.id}/cancel`)).expect(200);
      expect(await find(open)).toMatchObject({ state: "open", seats_taken: left });
    }
    const again = await joinGroup(first, open.mentor, open.session);
    expect(again.status).toBe("confirmed");
    expect(await find(open)).toMatchObject({ seats_taken: 1 });
  });

  it("has its seats for as many as fit, also of twenty at once", async () => {
    const open = await openGroup(test, { capacity: 5 });
    const crowd = await test.signUpCrowd(20);
    const answers = await Promise.all(
      crowd.map((person) => person.call("POST", "/bookings", bookingOf(open.mentor, open.session.starts_at))),
    );
    expect(answers.filter(({ status }) => status === 201).length).toBe(5);
    for (const answer of answers) if (answer.status !== 201) answer.problem("slot_taken");
    expect(await find(open)).toMatchObject({ seats_taken: 5, seats_left: 0 });
  });

  it("can have more seats, but no fewer than are taken", async () => {
    const open = await openGroup(test, { people: 3 });
    const path = `/mentors/me/group-sessions/${open.session.id}`;
    const refused = (await open.mentor.call("PATCH", path, { capacity: 2 })).problem("seats_taken");
    expect(refused.errors?.[0]?.field).toBe("capacity");
    const changed = await open.mentor.call("PATCH", path, { capacity: 3, min_attendees: 2 });
    expect(changed.expect(200).read(groupSession)).toMatchObject({
      capacity: 3,
      seats_left: 0,
      min_attendees: 2,
    });
    (await open.mentor.call("PATCH", path, { min_attendees: 4 })).problem("validation_failed");
  });

  it("is cancelled for all with one reason, and frees its time", async () => {
    const open = await openGroup(test, { people: 2 });
    const { seats } = (await change(open, "cancel", { reason: "I’m ill." })).expect(200).read(seatsChanged);
    expect(seats).toBe(2);
    expect(await find(open)).toMatchObject({
      state: "cancelled",
      cancelled_because: "mentor",
      seats_left: 0,
    });
    await runJobs(test.db);
    for (const person of open.people) {
      const [seat] = (await bookingsOf(person)).data;
      expect(seat?.status).toBe("cancelled");
      const events = (await person.call("GET", `/bookings/${seat?.id}/events`)).read(bookingEvents).data;
      expect(events.at(-1)).toMatchObject({ kind: "cancelled", actor: "mentor", reason: "I’m ill." });
      const inbox = (await person.call("GET", "/notifications")).read(notificationPage).data;
      expect(inbox[0]?.kind).toBe("booking_cancelled");
    }
    (await change(open, "cancel", {})).problem("invalid_transition");
    const free = await schedule(open.mentor, dateIn(open.mentor, 10));
    expect(free.starts_at).toBe(open.session.starts_at);
  });

  it("moves with all its seats, after which each attendee can still leave without a loss", async () => {
    const open = await openGroup(test, { people: 2, cancel_cutoff: 43_200 });
    const to = { scheduled_date: dateIn(open.mentor, 4), scheduled_time: "19:00", reason: "A clash." };
    const moved = (await change(open, "move", to)).expect(200).read(groupSession);
    expect(moved).toMatchObject({ id: open.session.id, seats_taken: 2 });
    const [person] = open.people as [Person];
    const [seat] = (await bookingsOf(person)).data;
    const own = (await person.call("GET", `/bookings/${seat?.id}`)).read(booking);
    expect(own).toMatchObject({ starts_at: moved.starts_at, scheduled_time: "19:00", cancel_cutoff: 0 });
    (await person.call("POST", `/bookings/${seat?.id}/cancel`)).expect(200);
    const clash = await schedule(open.mentor, dateIn(open.mentor, 6));
    const onto = { scheduled_date: dateIn(open.mentor, 6), scheduled_time: "20:30" };
    expect((await change(open, "move", onto)).problem("slot_taken").taken_starts?.length).toBe(1);
    expect(clash.seats_taken).toBe(0);
  });

  it("can be joined for some time after its start, if the service says so", async () => {
    const open = await openGroup(test, { late_join_minutes: 30 });
    const late = await openGroup(test, {});
    for (const { session } of [open, late]) {
      await test.db.owner.query(
        `update occupancies o set starts_at = s.start, ends_at = s.start + interval '1 hour',
           during = tstzrange(s.start, s.start + interval '1 hour'), join_until = s.start + (o.join_until - o.starts_at)
         from group_sessions g, (select date_trunc('minute', now() - interval '10 minutes') as start) s
         where g.id = $1 and o.id = g.occupancy_id`,
        [session.id],
      );
    }
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const begun = await find(open);
    const ask = async (mentor: Mentor, starts_at: string) =>
      person.call("POST", "/bookings", bookingOf(mentor, starts_at, { starts_at }));
    (await ask(open.mentor, begun.starts_at)).expect(201);
    (await ask(late.mentor, (await find(late)).starts_at)).problem("slot_unavailable");
  });
});

describe("the minimum", () => {
  it("that is reached confirms the session, and its attendees are told", async () => {
    const open = await openGroup(test, { people: 2, min_attendees: 2 });
    await decide(open.session);
    expect(await find(open)).toMatchObject({ state: "on" });
    await runJobs(test.db);
    const kinds = async (person: Person) =>
      (await person.call("GET", "/notifications")).read(notificationPage).data.map(({ kind }) => kind);
    expect(await kinds(open.people[0]!)).toContain("group_confirmed");
    expect((await kinds(open.mentor)).filter((kind) => kind === "group_confirmed").length).toBe(1);
  });

  it("that is missed cancels it for all, who are told why", async () => {
    const open = await openGroup(test, { people: 2, min_attendees: 3 });
    await decide(open.session);
    expect(await find(open)).toMatchObject({ state: "cancelled", cancelled_because: "minimum" });
    await runJobs(test.db);
    for (const person of open.people) {
      const [seat] = (await bookingsOf(person)).data;
      const events = (await person.call("GET", `/bookings/${seat?.id}/events`)).read(bookingEvents).data;
      expect(events.at(-1)).toMatchObject({ kind: "minimum_missed", actor: "system" });
      const inbox = (await person.call("GET", "/notifications")).read(notificationPage).data;
      expect(inbox[0]?.kind).toBe("group_cancelled");
    }
    const kinds = (await open.mentor.call("GET", "/notifications"))
      .read(notificationPage)
      .data.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "group_cancelled").length).toBe(1);
  });

  it("counts for a session that its first booking opened, too", async () => {
    const mentor = await test.makeMentor({
      settings: { instant_confirm: true },
      services: [{ session_type: "groupSession", title: "Circle", capacity: 4, min_attendees: 2 }],
    });
    const [person] = (await test.signUpCrowd(1)) as [Person];
    const [slot] = await readSlots(test.visitor, mentor);
    await joinGroup(person, mentor, { starts_at: slot?.starts_at ?? "" } as OpenGroup["session"]);
    const [opened] = (await test.visitor("GET", `/mentors/${mentor.id}/group-sessions`)).read(
      groupSessionList,
    ).data;
    expect(opened).toMatchObject({ is_scheduled: false, seats_taken: 1, min_attendees: 2 });
    await decide(opened!);
    expect((await bookingsOf(person)).data[0]?.status).toBe("cancelled");
    const { days } = (
      await test.visitor("GET", `/mentors/${mentor.id}/slots?from=${slot?.date}&to=${slot?.date}&duration=60`)
    ).read(slotAnswer);
    expect(days[0]?.slots.map(({ starts_at }) => starts_at)).toContain(slot?.starts_at);
  });
});

describe("a session that needs a minimum has time to reach it", () => {
  it("when a booking opens it", async () => {
    const mentor = await test.makeMentor({
      settings: { instant_confirm: true },
      services: [
        {
          session_type: "groupSession",
          title: "Circle",
          capacity: 4,
          min_attendees: 2,
          decide_minutes: 4320,
        },
      ],
    });
    const [first, second, third] = (await test.signUpCrowd(3)) as [Person, Person, Person];
    const offered = () =>
      readSlots(test.visitor, mentor, {
        from: dateIn(mentor, 0),
        to: dateIn(mentor, 9),
        service_id: mentor.services[0]?.id ?? "",
      });
    const slots = await offered();
    const earliest = Date.now() + 3 * 86_400_000;
    expect(Date.parse(slots[0]?.starts_at ?? "")).toBeGreaterThan(earliest - 60_000);
    // What has been opened can be joined until the usual notice; a seat moves only to what can be joined or opened.
    await joinGroup(first, mentor, { starts_at: slots[0]?.starts_at ?? "" } as OpenGroup["session"]);
    const { rows } = await test.db.owner.query<{ id: string; starts_at: Date }>(
      `update occupancies set starts_at = starts_at - interval '2 days', ends_at = ends_at - interval '2 days',
         during = tstzrange(lower(during) - interval '2 days', upper(during) - interval '2 days')
       where expert_id = $1 returning id, starts_at`,
      [mentor.id],
    );
    const soon = rows[0]?.starts_at.toISOString() ?? "";
    expect((await offered())[0]?.starts_at).toBe(soon);
    await joinGroup(second, mentor, { starts_at: soon } as OpenGroup["session"]);
    const next = new Date(Date.parse(soon) + 7_200_000).toISOString();
    const ask = bookingOf(mentor, next, { starts_at: next });
    (await third.call("POST", "/bookings", ask)).problem("slot_unavailable");
    const [seat] = (await bookingsOf(second)).data;
    const move = { scheduled_date: ask.scheduled_date, scheduled_time: ask.scheduled_time, starts_at: next };
    (await second.call("POST", `/bookings/${seat?.id}/reschedule`, move)).problem("slot_unavailable");
  });

  it("when its mentor schedules, changes or moves it", async () => {
    const open = await openGroup(test, { min_attendees: 2 });
    const { mentor } = open;
    const asked = (date: number, others = {}) =>
      mentor.call("POST", "/mentors/me/group-sessions", {
        service_id: mentor.services[0]?.id,
        duration: 60,
        scheduled_date: dateIn(mentor, date),
        scheduled_time: "20:00",
        ...others,
      });
    const fieldOf = (answer: Awaited<ReturnType<typeof asked>>) =>
      answer.problem("validation_failed").errors?.[0]?.field;
    expect(fieldOf(await asked(3, { decide_minutes: 4 * 1440 }))).toBe("decide_minutes");
    (await asked(3, { decide_minutes: 4 * 1440, min_attendees: 1 })).expect(201);
    const path = `/mentors/me/group-sessions/${open.session.id}`;
    const patch = (body: object) => mentor.call("PATCH", path, body);
    expect(fieldOf(await patch({ decide_minutes: 11 * 1440 }))).toBe("decide_minutes");
    (await patch({ decide_minutes: 5 * 1440 })).expect(200);
    const move = { scheduled_date: dateIn(mentor, 4), scheduled_time: "20:00" };
    expect(fieldOf(await change(open, "move", move))).toBe("scheduled_date");
    await test.db.owner.query("update group_sessions set decide_at = now() where id = $1", [open.session.id]);
    expect(fieldOf(await patch({ min_attendees: 3 }))).toBe("min_attendees");
    expect(await find(open)).toMatchObject({ state: "open", min_attendees: 2 });
    (await patch({ min_attendees: 1 })).expect(200);
    await decide(open.session);
    // It needs none, so it takes place even if it is empty so far.
    expect(await find(open)).toMatchObject({ state: "on", seats_taken: 0 });
  });
});

describe("the people in a session", () => {
  it("see the names of those who agreed, and no others", async () => {
    const open = await openGroup(test, { people: 3 });
    const [asking, shown] = open.people as [Person, Person];
    const idOf = async (person: Person) => (await bookingsOf(person)).data[0]?.id;
    const seen = async () =>
      (await asking.call("GET", `/bookings/${await idOf(asking)}/attendees`)).expect(200).read(attendees);
    expect(await seen()).toMatchObject({ names: [], shows_name: false });
    const path = `/bookings/${await idOf(shown)}/name`;
    (await asking.call("PUT", path, { shows_name: true })).problem("booking_not_found");
    (await shown.call("PUT", path, { shows_name: true })).expect(204);
    expect((await seen()).names).toEqual([shown.name]);
    (await shown.call("GET", `/bookings/${await idOf(asking)}/attendees`)).problem("group_session_not_found");
  });

  it("agree to that in the request that books, or not at all", async () => {
    const open = await openGroup(test, { people: 1 });
    const [asking] = open.people as [Person];
    const [agreed, silent] = (await test.signUpCrowd(2)) as [Person, Person];
    const seat = bookingOf(open.mentor, open.session.starts_at);
    (await agreed.call("POST", "/bookings", { ...seat, shows_name: true })).expect(201);
    (await silent.call("POST", "/bookings", { ...seat, shows_name: false })).expect(201);
    const { id } = (await bookingsOf(asking)).data[0]!;
    const { names } = (await asking.call("GET", `/bookings/${id}/attendees`)).expect(200).read(attendees);
    expect(names).toEqual([agreed.name]);
  });

  it("twin: of a session for two there are no others to agree to", async () => {
    const mentor = await test.makeMentor({ settings: { instant_confirm: true } });
    const [student] = (await test.signUpCrowd(1)) as [Person];
    const [slot] = await readSlots(test.visitor, mentor, { from: dateIn(mentor, 5) });
    const request = { ...bookingOf(mentor, slot?.starts_at ?? ""), shows_name: true };
    const { id } = (await student.call("POST", "/bookings", request)).expect(201).read(booking);
    const { rows } = await test.db.owner.query("select shows_name from bookings where id = $1", [id]);
    expect(rows).toEqual([{ shows_name: false }]);
  });

  it("are the mentor’s roster, which marks who came", async () => {
    const open = await openGroup(test, { people: 2 });
    const read = async () =>
      (await open.mentor.call("GET", `/mentors/me/group-sessions/${open.session.id}/roster`))
        .expect(200)
        .read(roster).seats;
    const [seat] = await read();
    const path = `/bookings/${seat?.booking_id}/attendance`;
    (await open.mentor.call("PUT", path, { attendance: "present" })).problem("invalid_transition");
    await moveBooking(test.db, seat?.booking_id ?? "", -11);
    (await open.people[0]!.call("PUT", path, { attendance: "present" })).problem("booking_not_found");
    (await open.mentor.call("PUT", path, { attendance: "absent" })).expect(204);
    expect((await read()).map(({ attendance }) => attendance)).toEqual(["absent", null]);
    (await open.mentor.call("PUT", path, { attendance: null })).expect(204);
    expect((await read()).map(({ attendance }) => attendance)).toEqual([null, null]);
  });

  it("get the mentor’s message to all", async () => {
    const open = await openGroup(test, { people: 2 });
    const sent = await change(open, "message", { message: "Bring a notebook." });
    expect(sent.expect(200).read(seatsChanged).seats).toBe(2);
    await runJobs(test.db);
    for (const person of open.people) {
      const [first] = (await person.call("GET", "/notifications")).read(notificationPage).data;
      expect(first).toMatchObject({ kind: "group_message", facts: { reason: "Bring a notebook." } });
    }
    (await change(open, "message", { message: " " })).problem("validation_failed");
  });
});
