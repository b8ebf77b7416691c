import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Notification, notificationPage, unreadCount } from "#contract/notifications.ts";
import { notificationText } from "#contract/notificationText.ts";
import { asMinutes, epochMs, parseInstant } from "#scheduling/units.ts";
import { instantOf, wallClockOf } from "#scheduling/zonedTime.ts";
import { wordsIn } from "#words/languages.ts";
import { systemClock } from "../platform/clock.ts";
import { bookAny, dateIn } from "../testing/booking.ts";
import { runJobs, runTask } from "../testing/jobs.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { messagesOfEvent } from "./bookingMessages.ts";
import { notifyOfEvents } from "./eventNotifier.ts";

let test: TestApp;
let mentor: Mentor;
let student: Person;
beforeAll(async () => {
  test = await openTestApp();
});
beforeEach(async () => {
  mentor = await test.makeMentor({ name: "Asha Rao", windows: daily("09:00", "12:00") });
  [student] = (await test.signUpCrowd(1)) as [Person];
});
afterAll(() => test.close());

const inbox = async (who: Person, query = "") =>
  (await who.call("GET", `/notifications${query}`)).read(notificationPage);
const kinds = async (who: Person) => (await inbox(who)).data.map(({ kind }) => kind);

async function hear(): Promise<{ student: Notification | undefined; mentor: Notification | undefined }> {
  await runJobs(test.db);
  return { student: (await inbox(student)).data[0], mentor: (await inbox(mentor)).data[0] };
}

describe("a booking's life", () => {
  it("notifies the mentor of a request, and the student of the reply and the end", async () => {
    const { id, starts_at } = await bookAny(student, mentor);
    const asked = await hear();
    expect(asked.student).toBeUndefined();
    expect(asked.mentor).toMatchObject({
      kind: "booking_requested",
      booking_id: id,
      read_at: null,
      facts: { role: "mentor", counterpart: student.name, service_title: "1:1 session", starts_at },
    });
    await mentor.call("POST", `/bookings/${id}/confirm`);
    expect((await hear()).student).toMatchObject({
      kind: "booking_confirmed",
      facts: { role: "student", counterpart: "Asha Rao" },
    });
    await student.call("POST", `/bookings/${id}/cancel`, { reason: "I am ill" });
    expect((await hear()).mentor).toMatchObject({ kind: "booking_cancelled", facts: { reason: "I am ill" } });
    expect(await kinds(student)).toEqual(["booking_confirmed"]);
    expect(await kinds(mentor)).toEqual(["booking_cancelled", "booking_requested"]);
  });

  it("a confirmed booking has a separate kind; a decline contains its reason", async () => {
    await mentor.call("PATCH", "/mentors/me", { instant_confirm: true });
    await bookAny(student, mentor);
    expect((await hear()).mentor?.kind).toBe("booking_booked");
    await mentor.call("PATCH", "/mentors/me", { instant_confirm: false });
    const { id } = await bookAny(student, mentor);
    await mentor.call("POST", `/bookings/${id}/decline`, { reason: "Away" });
    expect((await hear()).student).toMatchObject({ kind: "booking_declined", facts: { reason: "Away" } });
  });

  it("an expired request notifies both", async () => {
    const { id } = await bookAny(student, mentor);
    await test.db.owner.query("set session_replication_role = replica");
    await test.db.owner.query("update bookings set expires_at = now() where id = $1", [id]);
    await test.db.owner.query("reset session_replication_role");
    await runTask(test.db, "free_lapsed_time");
    const { student: forStudent, mentor: forMentor } = await hear();
    expect([forStudent?.kind, forMentor?.kind]).toEqual(["booking_expired", "booking_expired"]);
  });

  it("old events notify no one", async () => {
    const { id } = await bookAny(student, mentor);
    await test.db.owner.query(
      "update booking_events set created_at = now() - interval '15 days' where booking_id = $1",
      [id],
    );
    expect((await hear()).mentor).toBeUndefined();
  });
});

describe("a message", () => {
  it("has all that a channel needs of its recipient: address, zone and language", async () => {
    const { id } = await bookAny(student, mentor);
    (await student.call("PATCH", "/me", { name: "Noor Haddad", timezone: "Asia/Tokyo" })).expect(200);
    await mentor.call("POST", `/bookings/${id}/confirm`);
    await mentor.call("POST", `/bookings/${id}/cancel`, { reason: "I am ill" });
    const { rows } = await test.db.owner.query<{ id: number }>(
      "select id from booking_events where booking_id = $1 order by id",
      [id],
    );
    const [created, , cancelled] = await Promise.all(
      rows.map((event) =>
        test.db.database.asSystem("test", null, (tx) =>
          messagesOfEvent(tx, { event_id: event.id, mentor_id: mentor.id }, epochMs(Date.now())),
        ),
      ),
    );
    // A confirmation goes to the person who acted, too.
    expect(created?.map(({ recipient, by }) => [recipient.id, by])).toEqual([
      [student.id, "student"],
      [mentor.id, "student"],
    ]);
    expect(created?.slice(1).map(({ recipient }) => recipient)).toEqual([
      {
        id: mentor.id,
        name: "Asha Rao",
        email: mentor.email,
        timezone: "Asia/Kolkata",
        language: "en",
      },
    ]);
    expect(cancelled?.filter(({ facts }) => facts.role === "student")).toEqual([
      {
        kind: "booking_cancelled",
        facts: {
          role: "student",
          counterpart: "Asha Rao",
          service_title: "1:1 session",
          mentor_username: mentor.profile.username,
          starts_at: expect.any(String),
          reason: "I am ill",
        },
        recipient: {
          id: student.id,
          name: "Noor Haddad",
          email: student.email,
          timezone: "Asia/Tokyo",
          language: "en",
        },
        dedupeKey: `${new Date().toISOString().slice(0, 7)}:booking_event:${rows[2]?.id}`,
        bookingId: id,
        mentorId: mentor.id,
        by: "mentor",
        happenedAt: expect.any(Number),
        isUrgent: expect.any(Boolean),
      },
    ]);
  });

  it("reads as a sentence in the recipient's language, with times on the recipient's clock", async () => {
    const { id } = await bookAny(student, mentor);
    const { rows } = await test.db.owner.query<{ id: number }>(
      "select id from booking_events where booking_id = $1",
      [id],
    );
    const [, message] = await test.db.database.asSystem("test", null, (tx) =>
      messagesOfEvent(tx, { event_id: rows[0]?.id, mentor_id: mentor.id }, epochMs(Date.now())),
    );
    if (!message) throw new Error("There is no message.");
    const { notificationSentences } = wordsIn(message.recipient.language).notifications;
    const instant = (text: string) => {
      const { date, time } = wallClockOf(message.recipient.timezone, parseInstant(text));
      return `${date}, ${time}`;
    };
    expect(notificationText(notificationSentences, message, { instant, amount: String })).toMatch(
      /^Student 1 requested “1:1 session” on \d{4}-\d\d-\d\d, 09:00\.$/,
    );
  });
});

describe("a request for another time", () => {
  const evening = (days: number) =>
    new Date(instantOf(mentor.profile.timezone, dateIn(mentor, days), asMinutes(20 * 60))).toISOString();
  const ask = async () => {
    const body = {
      expert_id: mentor.id,
      service_id: mentor.services[0]?.id,
      duration: 60,
      total_amount: 2000,
      starts_at: [evening(3)],
    };
    return (await student.call("POST", "/time-requests", body)).expect(201).json as { id: string };
  };

  it("notifies the side whose turn it is", async () => {
    const { id } = await ask();
    expect((await hear()).mentor).toMatchObject({ kind: "time_request_opened", request_id: id });
    await mentor.call("POST", `/time-requests/${id}/propose`, { starts_at: [evening(4)] });
    expect((await hear()).student).toMatchObject({ kind: "time_request_proposed", request_id: id });
    await student.call("POST", `/time-requests/${id}/withdraw`);
    expect((await hear()).mentor?.kind).toBe("time_request_withdrawn");
  });

  it("a step that a later one has replaced is not sent", async () => {
    const { id } = await ask();
    await student.call("POST", `/time-requests/${id}/withdraw`);
    await hear();
    expect(await kinds(mentor)).toEqual(["time_request_withdrawn"]);
  });

  it("acceptance is sent as the booking that it created", async () => {
    const { id } = await ask();
    const { proposals } = (await mentor.call("GET", `/time-requests/${id}`)).json as {
      proposals: { id: string }[];
    };
    await mentor.call("POST", `/time-requests/${id}/accept`, { proposal_id: proposals[0]?.id });
    expect((await hear()).student).toMatchObject({
      kind: "booking_booked",
      facts: { starts_at: evening(3) },
    });
  });
});

describe("once", () => {
  it("a job that runs again, also concurrently, adds no message", async () => {
    const { id } = await bookAny(student, mentor);
    await runJobs(test.db);
    const { rows } = await test.db.owner.query("select id from booking_events where booking_id = $1", [id]);
    for (let again = 0; again < 8; again++) {
      await test.db.owner.query("select private.enqueue('notify_booking_event', $1)", [
        JSON.stringify({ event_id: rows[0].id, mentor_id: mentor.id }),
      ]);
    }
    await runJobs(test.db, { concurrency: 8 });
    expect(await kinds(mentor)).toEqual(["booking_requested"]);
  });

  it("because of the key: without it each run would add one (twin)", async () => {
    await test.db.owner.query("begin");
    try {
      await test.db.owner.query(
        "alter table notifications drop constraint notifications_user_id_dedupe_key_key",
      );
      const write =
        "insert into notifications (user_id, kind, dedupe_key) values ($1, 'booking_booked', 'same')";
      for (let again = 0; again < 2; again++) await test.db.owner.query(write, [student.id]);
    } finally {
      await test.db.owner.query("rollback");
    }
    const write =
      "insert into notifications (user_id, kind, dedupe_key) values ($1, 'booking_booked', 'same')";
    await test.db.owner.query("begin");
    await test.db.owner.query(write, [student.id]);
    await expect(test.db.owner.query(write, [student.id])).rejects.toMatchObject({
      constraint: "notifications_user_id_dedupe_key_key",
    });
    await test.db.owner.query("rollback");
  });

  it("a booking whose transaction fails causes no message: the outbox is part of it", async () => {
    const waiting = async () =>
      (await test.db.owner.query("select from booking_events where notified_at is null")).rowCount;
    const { rows } = await test.db.owner.query("select id from services where expert_id = $1", [mentor.id]);
    await test.db.owner.query("begin");
    await test.db.owner.query(
      `insert into bookings (user_id, expert_id, service_id, session_type, scheduled_date, scheduled_time, duration)
       values ($1, $2, $3, 'oneOnOneSession', '2040-01-01', '10:00', 60)`,
      [student.id, mentor.id, rows[0].id],
    );
    const during = await waiting();
    await test.db.owner.query("rollback");
    expect([during, await waiting()]).toEqual([1, 0]);
  });

  it("an event whose message cannot be written holds up no other and is retried by a job", async () => {
    const bad = await bookAny(student, mentor);
    const good = await bookAny(student, mentor);
    await test.db.owner.query(
      `create function private.reject_one() returns trigger language plpgsql as $$
         begin
           if new.booking_id = '${bad.id}' then raise exception 'not this one'; end if;
           return new;
         end $$;
       create trigger reject_one before insert on notifications for each row execute function private.reject_one()`,
    );
    await expect(runJobs(test.db)).rejects.toThrow("not this one");
    const written = async () =>
      (
        await test.db.owner.query("select booking_id from notifications where user_id = $1", [mentor.id])
      ).rows.map((row) => row.booking_id);
    expect(await written()).toEqual([good.id]);
    await test.db.owner.query("drop trigger reject_one on notifications; drop function private.reject_one()");
    // The end of the second run is recorded a moment after it: until then the row would show the first one's error.
    await test.db.owner.query("update graphile_worker._private_jobs set run_at = now(), last_error = null");
    await runJobs(test.db);
    expect((await written()).sort()).toEqual([bad.id, good.id].sort());
  });

  it("of two workers that take the same events, one writes the messages", async () => {
    for (let each = 0; each < 4; each++) await bookAny(student, mentor);
    const dependencies = { database: test.db.database, now: systemClock };
    await Promise.all(Array.from({ length: 4 }, () => notifyOfEvents(dependencies)));
    expect(await kinds(mentor)).toEqual(Array.from({ length: 4 }, () => "booking_requested"));
  });
});

describe("the inbox", () => {
  it("counts what is unread, and forgets the count when it is read: some, then all", async () => {
    for (let index = 0; index < 3; index++) await bookAny(student, mentor);
    await runJobs(test.db);
    const first = await inbox(mentor, "?limit=2");
    expect(first.unread_count).toBe(3);
    expect(first.data).toHaveLength(2);
    const second = await inbox(mentor, `?limit=2&cursor=${first.next_cursor}`);
    expect(second.data).toHaveLength(1);
    expect(second.next_cursor).toBeNull();
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(3);

    const read = await mentor.call("POST", "/notifications/read", { ids: [first.data[0]?.id] });
    expect(read.read(unreadCount)).toEqual({ unread_count: 2 });
    expect((await mentor.call("POST", "/notifications/read")).read(unreadCount)).toEqual({ unread_count: 0 });
    expect((await inbox(mentor)).data.every(({ read_at }) => read_at !== null)).toBe(true);
  });

  it("is visible only to its person", async () => {
    await bookAny(student, mentor);
    await runJobs(test.db);
    const [only] = (await inbox(mentor)).data;
    expect((await inbox(student)).data).toEqual([]);
    (await student.call("POST", "/notifications/read", { ids: [only?.id] })).expect(200);
    expect((await inbox(mentor)).unread_count).toBe(1);
    (await test.visitor("GET", "/notifications")).problem("unauthenticated");
    for (const attack of [
      "insert into notifications (user_id, kind, dedupe_key) values (auth.uid(), 'booking_booked', 'x')",
      "update notifications set payload = '{}'",
      "delete from notifications",
    ]) {
      await expect(test.db.as(mentor.id, (client) => client.query(attack))).rejects.toMatchObject({
        code: "42501",
      });
    }
  });
});
