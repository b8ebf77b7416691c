import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Booking, booking } from "#contract/bookings.ts";
import { type CalendarConnection, calendarConnection } from "#contract/calendarConnections.ts";
import { type Connecting, openConnecting } from "../calendarConnections/connectionKinds.ts";
import { CalendarProblem, type EntryWriter } from "../calendarConnections/provider.ts";
import { type Syncing, syncNext } from "../calendarConnections/sync.ts";
import { type CalDavServer, startCalDavServer } from "../calendarConnections/testing/calDavServers.ts";
import { plainEvent } from "../calendarConnections/testing/plainEvents.ts";
import { systemClock } from "../platform/clock.ts";
import { bookAny, moveTo, readSlots } from "../testing/booking.ts";
import { runJobs } from "../testing/jobs.ts";
import {
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../testing/testApp.ts";
import { writeEntries } from "./writeEntries.ts";

const step = async (who: Person, { id }: Booking, action: string, body?: object) =>
  (await who.call("POST", `/bookings/${id}/${action}`, body)).expect(200).read(booking);

describe.each(["radicale", "xandikos"] as const)("sessions in %s", (name) => {
  let test: TestApp;
  let student: Person;
  let server: CalDavServer;
  let connecting: Connecting;
  let made = 0;
  beforeAll(async () => {
    server = await startCalDavServer(name);
    const config = { authSecret: testSecret, publicUrl: testPublicUrl, privateCalendarHosts: [server.host] };
    connecting = openConnecting(config);
    test = await openTestApp({ connecting });
    [student] = (await test.signUpCrowd(1)) as [Person];
  });
  afterAll(async () => {
    await test.close();
    await server.stop();
  });

  const run = (with_ = connecting) => runJobs(test.db, { connecting: with_ });
  const write = ({ mentor }: Receiver, with_ = connecting) =>
    writeEntries({ database: test.db.database, ...with_ }, mentor.id);
  const rows = async ({ mentor }: Receiver) =>
    (
      await test.db.owner.query<{ booking_id: string; question: string | null; problem: string | null }>(
        `select booking_id, question, question_id, moved_to, problem, writing_starts_at from session_entries
         where expert_id = $1 and (ref is not null or question is not null or writing_starts_at is not null)`,
        [mentor.id],
      )
    ).rows;

  async function send(method: string, address: string, body?: string): Promise<string> {
    const login = Buffer.from(`${server.username}:${server.password}`).toString("base64");
    const headers = { authorization: `Basic ${login}`, depth: "1", "content-type": "text/calendar" };
    const answer = await fetch(address, { method, headers, ...(body !== undefined && { body }) });
    return answer.text();
  }

  /** Addresses of all objects of a calendar. */
  async function addresses(calendar: string): Promise<string[]> {
    const list = await send("PROPFIND", calendar);
    const paths = [...list.matchAll(/<(?:\w+:)?href>([^<]+\.ics)<\//g)];
    return paths.map(([, path = ""]) => new URL(path, calendar).href);
  }

  /** What a calendar has: booking, start, status. */
  async function entries({ calendar }: Pick<Receiver, "calendar">): Promise<string[]> {
    const found = await Promise.all((await addresses(calendar)).map((address) => send("GET", address)));
    return found
      .map((text) => {
        const [event = ""] = /BEGIN:VEVENT[\s\S]*END:VEVENT/.exec(text.replaceAll("\r\n ", "")) ?? [];
        const value = (property: string) =>
          new RegExp(`^${property}[^:\\r\\n]*:(.*?)\\r?$`, "m").exec(event)?.[1];
        return `${value("UID")} ${value("DTSTART")} ${value("STATUS")}`;
      })
      .sort();
  }
  const written = ({ id, starts_at }: Booking, status = "CONFIRMED") =>
    `${id}@matepeak ${starts_at.replace(/[-:]|\.\d+/g, "")} ${status}`;

  interface Receiver {
    mentor: Mentor;
    connection: CalendarConnection;
    /** The address of the calendar that receives the sessions. */
    calendar: string;
  }

  const connect = async (mentor: Mentor, calendar: string) =>
    (
      await mentor.call("POST", "/me/calendar-connections", {
        kind: "caldav",
        server_url: calendar,
        username: server.username,
        password: server.password,
      })
    )
      .expect(201)
      .read(calendarConnection);
  const receive = async (mentor: Mentor, { calendars }: CalendarConnection, receives_sessions = true) =>
    (await mentor.call("PATCH", `/me/connected-calendars/${calendars[0]?.id}`, { receives_sessions })).expect(
      200,
    );

  /** A mentor in UTC with a calendar of their own that receives the sessions. */
  async function openReceiver(): Promise<Receiver> {
    const mentor = await test.makeMentor({ timezone: "Etc/UTC" });
    const calendar = await server.makeCalendar(`sessions-${++made}`);
    const connection = await connect(mentor, calendar);
    await receive(mentor, connection);
    return { mentor, connection, calendar };
  }

  async function bookAgreed({ mentor }: Receiver): Promise<Booking> {
    return step(mentor, await bookAny(student, mentor), "confirm");
  }

  const syncing = (): Syncing => ({
    database: test.db.database,
    now: systemClock,
    ...connecting,
    onFault: (error) => {
      throw error;
    },
  });
  const read = async ({ mentor, connection }: Receiver) => {
    await test.db.owner.query(
      "update calendar_connections set sync_due_at = now(), leased_until = null, lease = null where id = $1",
      [connection.id],
    );
    expect(await syncNext(syncing(), connection.id)).toBe("done");
    await run();
    return rows({ mentor, connection, calendar: "" });
  };
  const freeStart = async (mentor: Mentor) => (await readSlots(test.visitor, mentor))[2]?.starts_at ?? "";

  it("a request is tentative; what is confirmed, moved or renamed follows, and what is cancelled is gone", async () => {
    const receiver = await openReceiver();
    const { mentor } = receiver;
    const asked = await bookAny(student, mentor);
    await run();
    expect(await entries(receiver)).toEqual([written(asked, "TENTATIVE")]);
    const agreed = await step(mentor, asked, "confirm");
    await run();
    expect(await entries(receiver)).toEqual([written(agreed)]);
    const moved = await step(student, agreed, "reschedule", moveTo(mentor, await freeStart(mentor)));
    expect(moved.starts_at).not.toBe(agreed.starts_at);
    await run();
    expect(await entries(receiver)).toEqual([written(moved)]);
    (await mentor.call("PUT", "/mentors/me/room", { meeting_url: "https://meet.example.com/x" })).expect(200);
    await run();
    const [address = ""] = await addresses(receiver.calendar);
    expect(await send("GET", address)).toContain("LOCATION:https://meet.example.com/x");
    await step(student, moved, "cancel");
    await run();
    expect(await entries(receiver)).toEqual([]);
    expect(await rows(receiver)).toEqual([]);
  });

  it("another calendar that is chosen receives all coming sessions, and the former one loses them", async () => {
    const receiver = await openReceiver();
    const sessions = [await bookAgreed(receiver), await bookAgreed(receiver)];
    await run();
    const all = sessions.map((one) => written(one)).sort();
    expect(await entries(receiver)).toEqual(all);
    const other = await server.makeCalendar(`sessions-${++made}`);
    const second = await connect(receiver.mentor, other);
    await receive(receiver.mentor, second);
    await run();
    expect(await entries(receiver)).toEqual([]);
    expect(await entries({ calendar: other })).toEqual(all);
    (await receiver.mentor.call("DELETE", `/me/calendar-connections/${second.id}`)).expect(204);
    await run();
    expect(await entries({ calendar: other })).toEqual([]);
    expect(await rows(receiver)).toEqual([]);
  });

  /** The same servers with another way of writing. */
  function writingBy(change: (writer: EntryWriter) => Partial<EntryWriter>): Connecting {
    const caldav = connecting.providers.caldav;
    if (!caldav?.entries) throw new Error("CalDAV calendars can be written.");
    const writer = { ...caldav.entries, ...change(caldav.entries) };
    return { ...connecting, providers: { ...connecting.providers, caldav: { ...caldav, entries: writer } } };
  }
  const dying = () =>
    writingBy(({ put }) => ({
      put: async (...given) => {
        await put(...given);
        throw new Error("killed");
      },
    }));
  const endLeases = ({ mentor }: Receiver) =>
    test.db.owner.query(
      "update session_entries set leased_until = now() - interval '1 s' where expert_id = $1 and lease is not null",
      [mentor.id],
    );

  it("a worker that is killed between the write and our note of it leaves one entry, which is found again", async () => {
    const receiver = await openReceiver();
    const session = await bookAgreed(receiver);
    await expect(write(receiver, dying())).rejects.toThrow("killed");
    expect(await entries(receiver)).toEqual([written(session)]);
    // Until the lease ends no other worker writes.
    expect(await write(receiver)).toBeInstanceOf(Date);
    await endLeases(receiver);
    expect(await write(receiver)).toBeNull();
    expect(await entries(receiver)).toEqual([written(session)]);
    const moved = await step(
      student,
      session,
      "reschedule",
      moveTo(receiver.mentor, await freeStart(receiver.mentor)),
    );
    await run();
    expect(await entries(receiver)).toEqual([written(moved)]);
  });

  it("what a killed worker has written of a session that is cancelled meanwhile is removed", async () => {
    const receiver = await openReceiver();
    const session = await bookAgreed(receiver);
    await expect(write(receiver, dying())).rejects.toThrow("killed");
    await step(student, session, "cancel");
    await endLeases(receiver);
    await run();
    expect(await entries(receiver)).toEqual([]);
  });

  it("two workers at once write each session once", async () => {
    const receiver = await openReceiver();
    for (let count = 0; count < 3; count++) await bookAgreed(receiver);
    let puts = 0;
    const counted = writingBy(({ put }) => ({
      put: async (...given) => {
        puts += 1;
        return put(...given);
      },
    }));
    await Promise.all([write(receiver, counted), write(receiver, counted), write(receiver, counted)]);
    expect(await write(receiver)).toBeNull();
    expect(puts).toBe(3);
    expect(await entries(receiver)).toHaveLength(3);
  });

  it("what a worker writes after its lease has ended is not noted, and written again", async () => {
    const receiver = await openReceiver();
    const session = await bookAgreed(receiver);
    const slow = writingBy(({ put }) => ({
      put: async (...given) => {
        const result = await put(...given);
        await endLeases(receiver);
        expect(await write(receiver)).toBeNull();
        return result;
      },
    }));
    expect(await write(receiver, slow)).toBeNull();
    expect(await entries(receiver)).toEqual([written(session)]);
    expect(await rows(receiver)).toHaveLength(1);
  });

  it("a provider that fails is asked again later, not before it wants to be, and once for all sessions", async () => {
    const receiver = await openReceiver();
    await bookAgreed(receiver);
    await bookAgreed(receiver);
    let asked = 0;
    const limited = writingBy(() => ({
      put: async () => {
        asked += 1;
        throw new CalendarProblem("limited", { retryAfterMs: 600_000 });
      },
    }));
    const due = await write(receiver, limited);
    expect(asked).toBe(1);
    expect((due?.getTime() ?? 0) - Date.now()).toBeGreaterThan(590_000);
    const { rows: calendars } = await test.db.owner.query(
      "update connected_calendars set entries_due_at = now() where user_id = $1 returning entries_problem, entries_failures",
      [receiver.mentor.id],
    );
    expect(calendars).toEqual([{ entries_problem: "limited", entries_failures: 1 }]);
    expect(await write(receiver)).toBeNull();
    expect(await entries(receiver)).toHaveLength(2);
  });

  it("an entry that its owner deletes or moves is noticed at the next read, and not written over", async () => {
    const receiver = await openReceiver();
    const [one, other] = [await bookAgreed(receiver), await bookAgreed(receiver)];
    await run();
    expect(await read(receiver)).toMatchObject([{ question: null }, { question: null }]);
    const all = await addresses(receiver.calendar);
    const addressOf = ({ id }: Booking) => all.find((address) => address.includes(id)) ?? "";
    await send("DELETE", addressOf(one));
    const later = new Date(Date.parse(other.starts_at) + 14 * 86_400_000).toISOString();
    await send("PUT", addressOf(other), plainEvent(`${other.id}@matepeak`, later));
    const asked = await read(receiver);
    expect(asked.find(({ booking_id }) => booking_id === one.id)).toMatchObject({ question: "deleted" });
    expect(asked.find(({ booking_id }) => booking_id === other.id)).toMatchObject({
      question: "moved",
      moved_to: new Date(later),
    });
    expect(await read(receiver)).toEqual(asked);
    expect(await entries(receiver)).toHaveLength(1);
    // Neither session has changed.
    for (const { id, starts_at } of [one, other]) {
      expect((await student.call("GET", `/bookings/${id}`)).read(booking)).toMatchObject({
        status: "confirmed",
        starts_at,
      });
    }
    // Moved back by hand, it is no question any more.
    await send("PUT", addressOf(other), plainEvent(`${other.id}@matepeak`, other.starts_at));
    const after = await read(receiver);
    expect(after.find(({ booking_id }) => booking_id === other.id)).toMatchObject({ question: null });
    // Cancelled meanwhile: nothing is left to ask.
    await step(student, one, "cancel");
    await run();
    expect(await entries(receiver)).toHaveLength(1);
  });

  it("our entries make no time busy, through a second connection neither; a session at another mentor does", async () => {
    const receiver = await openReceiver();
    const { mentor, calendar } = receiver;
    const session = await bookAgreed(receiver);
    await run();
    await read(receiver);
    const again = { ...receiver, connection: await connect(mentor, calendar) };
    await read(again);
    await step(student, session, "cancel");
    const isFree = async (start: string) =>
      (await readSlots(test.visitor, mentor)).some(({ starts_at }) => starts_at === start);
    // The entry is still there: no job has run since.
    expect(await entries(receiver)).toHaveLength(1);
    await test.db.owner.query("update connected_calendars set sync_state = null where user_id = $1", [
      mentor.id,
    ]);
    await syncNext(syncing(), again.connection.id);
    expect(await isFree(session.starts_at)).toBe(true);
    const start = await freeStart(mentor);
    await send("PUT", `${calendar}learnt.ics`, plainEvent(`${crypto.randomUUID()}@matepeak`, start));
    await read(receiver);
    expect(await isFree(start)).toBe(false);
  });

  it("any order of changes and of workers that are killed ends in agreement", async () => {
    const receiver = await openReceiver();
    const { mentor } = receiver;
    const acts = fc.array(
      fc.constantFrom("book", "confirm", "move", "cancel", "write", "killed", "off", "on"),
      { minLength: 4, maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(acts, async (order) => {
        const sessions: Booking[] = [];
        for (const what of order) {
          const last = sessions.at(-1);
          if (what === "book") sessions.push(await bookAny(student, mentor));
          else if (what === "move" && last)
            await student.call(
              "POST",
              `/bookings/${last.id}/reschedule`,
              moveTo(mentor, await freeStart(mentor)),
            );
          else if (what === "write") await run();
          else if (what === "killed") {
            await write(receiver, dying()).catch(() => undefined);
            await endLeases(receiver);
          } else if (what === "on" || what === "off")
            await receive(mentor, receiver.connection, what === "on");
          else if (last)
            await (what === "confirm" ? mentor : student).call("POST", `/bookings/${last.id}/${what}`);
        }
        await receive(mentor, receiver.connection);
        await run();
        const { rows: now } = await test.db.owner.query<{ id: string; starts_at: Date; status: string }>(
          "select id, starts_at, status from bookings where expert_id = $1 and status <> 'cancelled'",
          [mentor.id],
        );
        const expected = now.map(({ id, starts_at, status }) =>
          written(
            { id, starts_at: starts_at.toISOString() } as Booking,
            status === "pending" ? "TENTATIVE" : "CONFIRMED",
          ),
        );
        expect(await entries(receiver)).toEqual(expected.sort());
      }),
      { numRuns: Number(process.env.ENTRY_ORDERS ?? 3) },
    );
  });
});
