import { type Booking, booking } from "#contract/bookings.ts";
import { type CalendarConnection, calendarConnection } from "#contract/calendarConnections.ts";
import { type GroupSession, ownGroupSessionList } from "#contract/groupSessions.ts";
import { type Connecting, openConnecting } from "../../calendarConnections/connectionKinds.ts";
import type { EntryWriter } from "../../calendarConnections/provider.ts";
import { type Syncing, syncNext } from "../../calendarConnections/sync.ts";
import { type CalDavServer, startCalDavServer } from "../../calendarConnections/testing/calDavServers.ts";
import { systemClock } from "../../platform/clock.ts";
import { book, bookAny, dateIn, moveTo, readSlots } from "../../testing/booking.ts";
import { addGroupService, schedule } from "../../testing/groups.ts";
import { runJobs } from "../../testing/jobs.ts";
import {
  type Mentor,
  openTestApp,
  type Person,
  type TestApp,
  testPublicUrl,
  testSecret,
} from "../../testing/testApp.ts";
import { writeEntries } from "../writeEntries.ts";
import { writingBy } from "./writingBy.ts";

/** A mentor whose sessions are written to a calendar. */
export interface Receiver {
  mentor: Mentor;
  connection: CalendarConnection;
  /** Its address. */
  calendar: string;
}

export interface EntryRow {
  /** Of the booking, or of the group session. */
  session_id: string;
  is_group: boolean;
  question: string | null;
  question_id: string | null;
  moved_to: Date | null;
  problem: string | null;
}

/** The app and a CalDAV server, with what tests do in calendars as their owners. */
export class EntryWorld {
  readonly test: TestApp;
  readonly student: Person;
  /** For seats in groups. */
  readonly crowd: readonly Person[];
  readonly server: CalDavServer;
  readonly connecting: Connecting;
  #made = 0;

  constructor(
    test: TestApp,
    [student, crowd]: [Person, readonly Person[]],
    server: CalDavServer,
    connecting: Connecting,
  ) {
    this.test = test;
    this.student = student;
    this.crowd = crowd;
    this.server = server;
    this.connecting = connecting;
  }

  static async open(name: Parameters<typeof startCalDavServer>[0]): Promise<EntryWorld> {
    const server = await startCalDavServer(name);
    const connecting = openConnecting({
      authSecret: testSecret,
      publicUrl: testPublicUrl,
      privateCalendarHosts: [server.host],
    });
    const test = await openTestApp({ connecting });
    const [student, ...crowd] = await test.signUpCrowd(4);
    if (!student) throw new Error("No student signed up.");
    return new EntryWorld(test, [student, crowd], server, connecting);
  }

  async close(): Promise<void> {
    await this.test.close();
    await this.server.stop();
  }

  /** Runs all jobs that are due. */
  run(connecting = this.connecting): Promise<void> {
    return runJobs(this.test.db, { connecting });
  }

  write({ mentor }: Receiver, connecting = this.connecting): Promise<Date | null> {
    return writeEntries({ database: this.test.db.database, ...connecting }, mentor.id);
  }

  /** What is known of a mentor's calendar, but what was removed. */
  async rows({ mentor }: Pick<Receiver, "mentor">): Promise<EntryRow[]> {
    const { rows } = await this.test.db.owner.query<EntryRow>(
      `select session_id, group_session_id is not null as is_group, question, question_id, moved_to, problem, writing_starts_at from session_entries
       where expert_id = $1 and (ref is not null or question is not null or writing_starts_at is not null)`,
      [mentor.id],
    );
    return rows;
  }

  /** As the calendar's owner. */
  async send(method: string, address: string, body?: string): Promise<string> {
    const { username, password } = this.server;
    const login = Buffer.from(`${username}:${password}`).toString("base64");
    const headers = { authorization: `Basic ${login}`, depth: "1", "content-type": "text/calendar" };
    const answer = await fetch(address, { method, headers, ...(body !== undefined && { body }) });
    return answer.text();
  }

  /** The addresses of all objects of a calendar. */
  async addresses({ calendar }: Pick<Receiver, "calendar">): Promise<string[]> {
    const list = await this.send("PROPFIND", calendar);
    const paths = [...list.matchAll(/<(?:\w+:)?href>([^<]+\.ics)<\//g)];
    return paths.map(([, path = ""]) => new URL(path, calendar).href);
  }

  async addressOf(receiver: Receiver, { id }: Booking): Promise<string> {
    return (await this.addresses(receiver)).find((address) => address.includes(id)) ?? "";
  }

  /** What a calendar has, each as `written()` says it. */
  async entries(receiver: Pick<Receiver, "calendar">): Promise<string[]> {
    const addresses = await this.addresses(receiver);
    const found = await Promise.all(addresses.map((address) => this.send("GET", address)));
    return found
      .map((text) => {
        const [event = ""] = /BEGIN:VEVENT[\s\S]*END:VEVENT/.exec(text.replaceAll("\r\n ", "")) ?? [];
        const value = (property: string) =>
          new RegExp(`^${property}[^:\\r\\n]*:(.*?)\\r?$`, "m").exec(event)?.[1];
        const seats = /: (\d+ of \d+ seats)$/.exec(value("SUMMARY") ?? "")?.[1];
        return `${value("UID")} ${value("DTSTART")} ${value("STATUS")}${seats ? ` ${seats}` : ""}`;
      })
      .sort();
  }

  async connect(mentor: Mentor, calendar: string): Promise<CalendarConnection> {
    const { username, password } = this.server;
    const wish = { kind: "caldav", server_url: calendar, username, password };
    return (await mentor.call("POST", "/me/calendar-connections", wish)).expect(201).read(calendarConnection);
  }

  async receive(mentor: Mentor, { calendars }: CalendarConnection, receives_sessions = true): Promise<void> {
    const path = `/me/connected-calendars/${calendars[0]?.id}`;
    (await mentor.call("PATCH", path, { receives_sessions })).expect(200);
  }

  makeCalendar(): Promise<string> {
    this.#made += 1;
    return this.server.makeCalendar(`sessions-${this.#made}`);
  }

  /** A mentor in UTC with a calendar that receives the sessions. */
  async openReceiver(): Promise<Receiver> {
    const mentor = await this.test.makeMentor({ timezone: "Etc/UTC" });
    const calendar = await this.makeCalendar();
    const connection = await this.connect(mentor, calendar);
    await this.receive(mentor, connection);
    return { mentor, connection, calendar };
  }

  /** A group session of eight seats that a mentor schedules. @param day from now; a session a day */
  async scheduleGroup({ mentor }: Receiver, day = 10): Promise<GroupSession> {
    const offered = mentor.services.find(({ session_type }) => session_type === "groupSession");
    const { id } = offered ?? (await addGroupService(mentor));
    return schedule(mentor, dateIn(mentor, day), { service_id: id });
  }

  join(person: Person, { mentor }: Receiver, { service_id, starts_at }: GroupSession): Promise<Booking> {
    const serviceIndex = mentor.services.findIndex(({ id }) => id === service_id);
    return book(person, mentor, starts_at, { serviceIndex });
  }

  /** Those that take place, as the mentor sees them. */
  async groups({ mentor }: Receiver): Promise<GroupSession[]> {
    const { data } = (await mentor.call("GET", "/mentors/me/group-sessions")).read(ownGroupSessionList);
    return data.filter(
      ({ state, is_scheduled, seats_taken }) => state !== "cancelled" && (is_scheduled || seats_taken > 0),
    );
  }

  async changeGroup(
    { mentor }: Receiver,
    { id }: GroupSession,
    step: "move" | "cancel",
    body: object,
  ): Promise<void> {
    (await mentor.call("POST", `/mentors/me/group-sessions/${id}/${step}`, body)).expect(200);
  }

  async bookAgreed({ mentor }: Receiver): Promise<Booking> {
    return step(mentor, await bookAny(this.student, mentor), "confirm");
  }

  /** Moves a session to another free time, as its student. */
  async move({ mentor }: Receiver, session: Booking): Promise<Booking> {
    return step(this.student, session, "reschedule", moveTo(mentor, await this.freeStart(mentor)));
  }

  async freeStart(mentor: Mentor): Promise<string> {
    return (await readSlots(this.test.visitor, mentor))[2]?.starts_at ?? "";
  }

  syncing(): Syncing {
    return {
      database: this.test.db.database,
      now: systemClock,
      ...this.connecting,
      onFault: (error) => {
        throw error;
      },
    };
  }

  /** Reads a calendar as the clock's job does, and does what follows from it. */
  async read({ mentor, connection }: Pick<Receiver, "mentor" | "connection">): Promise<EntryRow[]> {
    await this.test.db.owner.query(
      "update calendar_connections set sync_due_at = now(), leased_until = null, lease = null where id = $1",
      [connection.id],
    );
    const outcome = await syncNext(this.syncing(), connection.id);
    if (outcome !== "done") throw new Error(`The calendar was not read: ${outcome}.`);
    await this.run();
    return this.rows({ mentor });
  }

  /** The same servers with another way of writing. */
  writingBy(change: (writer: EntryWriter) => Partial<EntryWriter>): Connecting {
    return writingBy(this.connecting, change);
  }

  /** A worker that is killed once, or just before, the provider has written. */
  dying(when: "before" | "after" = "after"): Connecting {
    return this.writingBy(({ put, remove }) => ({
      put: async (...given) => {
        if (when === "after") await put(...given);
        throw new Error("killed");
      },
      remove: async (...given) => {
        if (when === "after") await remove(...given);
        throw new Error("killed");
      },
    }));
  }

  async endLeases({ mentor }: Receiver): Promise<void> {
    await this.test.db.owner.query(
      "update session_entries set leased_until = now() - interval '1 s' where expert_id = $1 and lease is not null",
      [mentor.id],
    );
  }
}

export async function step(who: Person, { id }: Booking, action: string, body?: object): Promise<Booking> {
  return (await who.call("POST", `/bookings/${id}/${action}`, body)).expect(200).read(booking);
}

/** As `entries()` says what a calendar has. */
export function written({ id, starts_at }: Pick<Booking, "id" | "starts_at">, status = "CONFIRMED"): string {
  return `${id}@matepeak ${starts_at.replace(/[-:]|\.\d+/g, "")} ${status}`;
}

export function writtenGroup(
  session: Pick<GroupSession, "id" | "starts_at" | "seats_taken" | "capacity">,
  status = "CONFIRMED",
): string {
  return `${written(session, status)} ${session.seats_taken} of ${session.capacity} seats`;
}
