import { type APIRequestContext, type Cookie, request as newRequest } from "@playwright/test";
import type { Booking, CreateBooking } from "#contract/bookings.ts";
import type { MentorProfile } from "#contract/mentors.ts";
import type { CreateService, Service } from "#contract/services.ts";
import type { SlotAnswer } from "#contract/slots.ts";
import { confirmAddress } from "./past.ts";

export const password = "correct horse battery";
let count = 0;

/** A person with an account who acts through the API as a script would. */
export class Person {
  readonly name: string;
  readonly email: string;
  readonly api: APIRequestContext;
  readonly id: string;
  /** The same login for a browser; signing out on a page ends both. */
  readonly cookies: readonly Cookie[];

  private constructor(name: string, email: string, id: string, api: APIRequestContext, cookies: Cookie[]) {
    this.cookies = cookies;
    this.name = name;
    this.email = email;
    this.id = id;
    this.api = api;
  }

  /** As if the person had entered the code of the mail, unless told otherwise. */
  static async signUp(
    name: string,
    baseURL: string,
    address: "confirmed" | "unconfirmed" = "confirmed",
  ): Promise<Person> {
    // The part before the @ may have 64 characters.
    const email = `${name.toLowerCase().replace(/\W+/g, ".").slice(0, 24)}.${process.pid}.${Date.now()}.${count++}@example.com`;
    const visitor = await newRequest.newContext({ baseURL });
    const answer = await visitor.post("/api/auth/sign-up/email", { data: { name, email, password } });
    if (!answer.ok()) throw new Error(`Signing up failed: ${answer.status()} ${await answer.text()}`);
    const { token, user } = (await answer.json()) as { token: string; user: { id: string } };
    if (address === "confirmed") await confirmAddress(user.id);
    const { cookies } = await visitor.storageState();
    await visitor.dispose();
    const api = await newRequest.newContext({
      baseURL,
      extraHTTPHeaders: { authorization: `Bearer ${token}` },
    });
    return new Person(name, email, user.id, api, cookies);
  }

  async send<T>(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    data?: unknown,
  ): Promise<T> {
    const answer = await this.api.fetch(`/api/v1${path}`, {
      method,
      ...(data === undefined ? {} : { data }),
    });
    if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return (answer.status() === 204 ? null : await answer.json()) as T;
  }
}

interface MentorOptions {
  timezone?: string;
  service?: Partial<CreateService>;
  /** HH:MM windows of every day of the week; an empty list for a mentor without availability. */
  hours?: [start: string, end: string][];
  settings?: Partial<MentorProfile>;
}

/** Creates a mentor for one test, so that tests cannot take each other's times. */
export async function makeMentor(name: string, baseURL: string, options: MentorOptions = {}) {
  const { timezone = "Asia/Kolkata", hours = [["09:00", "17:00"]], service = {}, settings = {} } = options;
  const person = await Person.signUp(name, baseURL);
  const profile = await person.send<MentorProfile>("POST", "/mentors", {
    username: `t${person.id.slice(-8)}${Date.now().toString(36)}`.slice(0, 30),
    full_name: name,
    headline: "Senior engineer, patient listener",
    bio: "I help people find their next step.",
    expertise: ["Testing"],
    languages: ["English"],
    timezone,
    ...settings,
  });
  const created = await person.send<Service>("POST", "/mentors/me/services", {
    session_type: "oneOnOneSession",
    title: "1:1 Session",
    durations: [
      { minutes: 30, price: 1200 },
      { minutes: 60, price: 2000 },
      { minutes: 90, price: 2800 },
    ],
    recording_price: 300,
    ...service,
  });
  await person.send("PUT", "/availability-slots", {
    recurringSlots: [0, 1, 2, 3, 4, 5, 6].flatMap((day_of_week) =>
      hours.map(([start_time, end_time]) => ({ day_of_week, start_time, end_time })),
    ),
  });
  return { person, profile, service: created };
}

export type TestMentor = Awaited<ReturnType<typeof makeMentor>>;

/** Returns the date `days` from today, in the mentor's zone. */
export function dateAhead(days: number, timeZone = "Asia/Kolkata"): string {
  return Temporal.Now.plainDateISO(timeZone).add({ days }).toString();
}

/**
 * Returns a date of next week in the mentor's zone; 0 is Sunday, as in the calendars. For tests of a week:
 * the day after `dateAhead(7)` is in another week on a Saturday.
 */
export function dateNextWeek(dayOfWeek: 0 | 1 | 2 | 3 | 4 | 5 | 6, timeZone = "Asia/Kolkata"): string {
  const today = Temporal.Now.plainDateISO(timeZone);
  return today.add({ days: 7 - (today.dayOfWeek % 7) + dayOfWeek }).toString();
}

/** Returns the times that a mentor offers on a date in the mentor's zone. */
export async function freeTimes(mentor: TestMentor, date: string, duration = 60): Promise<string[]> {
  const { days } = await mentor.person.send<SlotAnswer>(
    "GET",
    `/mentors/${mentor.person.id}/slots?from=${date}&to=${date}&duration=${duration}`,
  );
  return days.flatMap((day) => day.slots.map((slot) => slot.time));
}

/** Books at a time of the mentor's wall clock, as a script would. */
export function book(student: Person, mentor: TestMentor, booking: Partial<CreateBooking>): Promise<Booking> {
  return student.send<Booking>("POST", "/bookings", {
    expert_id: mentor.person.id,
    session_type: "oneOnOneSession",
    duration: 60,
    total_amount: 2000,
    ...booking,
  });
}
