import { randomUUID } from "node:crypto";
import type { FastifyServerOptions } from "fastify";
import type { ReplaceWeek } from "#contract/hours.ts";
import { type CreateMentor, type MentorProfile, mentorProfile } from "#contract/mentors.ts";
import { type CreateService, type Service, service } from "#contract/services.ts";
import { epochMs } from "#scheduling/units.ts";
import { newLoginToken } from "../accounts/loginToken.ts";
import { type AppOptions, buildApp } from "../app.ts";
import { openSandbox, type Sandbox } from "../payments/sandbox/sandboxProvider.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { Answer } from "./answer.ts";
import { watchStatuses } from "./listedStatuses.ts";
import { openQuickPasswords } from "./quickPasswords.ts";
import { liftCaps, openTestDatabase, type TestDatabase } from "./testDatabase.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type WeeklyWindow = ReplaceWeek["recurringSlots"][number];
type Headers = Readonly<Record<string, string>>;

/** Sends a request as a visitor or as a person with a bearer token. Paths are relative to /api/v1, or complete. */
export type Call = (method: Method, path: string, body?: unknown, headers?: Headers) => Promise<Answer>;

export interface Person {
  id: string;
  name: string;
  email: string;
  token: string;
  call: Call;
}

export interface Mentor extends Person {
  profile: MentorProfile;
  /** In the order of the wishes. */
  services: Service[];
}

export interface MentorWishes {
  name?: string;
  timezone?: string;
  /** Weekly hours; Monday to Sunday 09:00 to 17:00 when left out. */
  windows?: WeeklyWindow[];
  services?: Partial<CreateService>[];
  settings?: Partial<CreateMentor>;
}

export interface TestAppOptions {
  /** Epoch ms of the slot engine's clock. The database keeps its own. */
  now?: () => number;
  rateLimit?: boolean;
  trustProxy?: AppOptions["config"]["trustProxy"];
  publicUrl?: string;
  logger?: FastifyServerOptions["logger"];
  poolSize?: number;
  /** Adds to the app before it is ready, such as routes with a fault for a twin. */
  extend?: (app: TypedApp, db: TestDatabase) => void;
  longestWait?: number;
  /** An open database, in place of a clone of the migrated template; the app closes it. */
  db?: TestDatabase;
  /** Where the database's files are. */
  tablespace?: string;
  /** From makeTemplate(): what the database is a clone of. */
  template?: string;
  maxInFlight?: number;
  metricsToken?: string;
  /** Whether /dev/mail exists. */
  devMail?: boolean;
  /** ms; see platform/http/admission.ts. */
  maxRequestAgeMs?: number;
  clientLimits?: AppOptions["clientLimits"];
  /** Whether the caps on what one person may own or have open apply; lifted if left out. */
  caps?: "kept" | "lifted";
  google?: AppOptions["config"]["google"];
  /** How students pay; nothing is collected if left out. "sandbox": by the sandbox, of which the platform keeps a tenth. */
  payments?: AppOptions["payments"] | "sandbox";
  /** How calendars elsewhere are read; none can be connected if left out. */
  connecting?: AppOptions["connecting"];
  googleEndpoints?: AppOptions["googleEndpoints"];
  meetings?: AppOptions["config"]["meetings"];
  /** "slow": hashed with the cost of production, for tests about accounts. */
  passwords?: "quick" | "slow";
}

/** Whether the e-mail address of an account is confirmed. */
type Address = "confirmed" | "unconfirmed";

export interface TestApp {
  app: TypedApp;
  db: TestDatabase;
  /** What students pay with, if it is the sandbox. */
  sandbox: Sandbox | null;
  /** Sends a request without a login. */
  visitor: Call;
  /** Makes an account through the API, as if the code of its mail had been entered unless told otherwise. */
  signUp(name: string, address?: Address): Promise<Person>;
  /** Writes many accounts with their logins to the database in one go, without passwords. */
  signUpCrowd(count: number, address?: Address): Promise<Person[]>;
  makeMentor(wishes?: MentorWishes): Promise<Mentor>;
  /** Counts the rows of each table with people's data. */
  countRows(): Promise<Record<string, number>>;
  /** Listens on a free local port and returns the address. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export const testPublicUrl = "http://localhost:3000";
export const testSecret = "a secret for tests that is long enough";
/** For a further process of the app on the database of a test. */
export const testConfig = {
  publicUrl: testPublicUrl,
  rateLimit: false,
  trustProxy: false,
  authSecret: testSecret,
} as const;
/** For a worker on the database of a test. Without a mail server, mail goes to the local mailbox. */
export const testMailConfig = {
  publicUrl: testPublicUrl,
  authSecret: testSecret,
  smtpUrl: undefined,
  mailFrom: "matepeak@example.com",
  mailPerSecond: 1_000,
} as const;
export const password = "correct horse battery staple";

/** The whole app on a fresh clone of the migrated template. */
export async function openTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { now, logger, poolSize, longestWait, tablespace, template, extend } = options;
  // More than any test of something else has in flight.
  const {
    rateLimit = false,
    trustProxy = false,
    publicUrl = testPublicUrl,
    maxInFlight = 10_000,
    metricsToken,
  } = options;
  const db =
    options.db ??
    (await openTestDatabase({
      ...(poolSize === undefined ? {} : { poolSize }),
      ...(longestWait === undefined ? {} : { longestWait }),
      ...(tablespace === undefined ? {} : { tablespace }),
      ...(template === undefined ? {} : { template }),
    }));
  if (options.caps !== "kept" && !options.db) await liftCaps(db);
  const sandbox =
    options.payments === "sandbox"
      ? openSandbox({ database: db.database, secret: testSecret, publicUrl, refundSeconds: 0 })
      : null;
  const payments =
    options.payments === "sandbox"
      ? sandbox && { provider: sandbox, collecting: { feeBasisPoints: 1_000 } }
      : options.payments;
  if (payments) {
    const { provider, collecting } = payments;
    await db.owner.query("select private.set_money_settings(true, $1, $2)", [
      provider.name,
      collecting?.feeBasisPoints ?? 0,
    ]);
  }
  const app = await buildApp({
    config: {
      publicUrl,
      rateLimit,
      trustProxy,
      authSecret: testSecret,
      maxInFlight,
      metricsToken,
      devMail: options.devMail ?? false,
      google: options.google,
      ...(options.meetings && { meetings: options.meetings }),
    },
    googleEndpoints: options.googleEndpoints,
    payments: payments ?? undefined,
    ...(options.connecting && { connecting: options.connecting }),
    database: db.database,
    // A busy machine may starve a test for seconds, which is no failure of what it tests.
    maxRequestAgeMs: options.maxRequestAgeMs ?? 60_000,
    ...(options.passwords === "slow" ? {} : { passwords: openQuickPasswords() }),
    ...(options.clientLimits ? { clientLimits: options.clientLimits } : {}),
    ...(logger === undefined ? {} : { logger }),
    ...(now ? { now: () => epochMs(now()) } : {}),
  });
  const missingStatuses = watchStatuses(app);
  extend?.(app, db);
  await app.ready();
  const visitor = callWith(app, {});
  const asPerson = (id: string, name: string, email: string, token: string): Person => ({
    id,
    name,
    email,
    token,
    call: callWith(app, { authorization: `Bearer ${token}` }),
  });

  async function signUp(name: string, address: Address = "confirmed"): Promise<Person> {
    const email = `${randomUUID()}@example.com`;
    const answer = await visitor("POST", "/api/auth/sign-up/email", { name, email, password });
    const { user } = answer.expect(200).json as { user: { id: string } };
    if (address === "confirmed")
      await db.owner.query("update auth.users set email_verified = true where id = $1", [user.id]);
    return asPerson(user.id, name, email, String(answer.headers["set-auth-token"]));
  }

  async function signUpCrowd(count: number, address: Address = "confirmed"): Promise<Person[]> {
    const people = Array.from({ length: count }, (_, index) => ({
      id: randomUUID(),
      name: `Student ${index + 1}`,
      token: newLoginToken(testSecret),
    }));
    await db.owner.query(
      `with person as (
         select * from unnest($1::uuid[], $2::text[], $3::text[]) as p(id, name, token)
       ), account as (
         insert into auth.users (id, name, email, email_verified) select id, name, id || '@example.com', $4 from person
       )
       insert into auth.sessions (user_id, token, expires_at) select id, token, now() + interval '1 day' from person`,
      [
        people.map(({ id }) => id),
        people.map(({ name }) => name),
        people.map(({ token }) => token.stored),
        address === "confirmed",
      ],
    );
    return people.map(({ id, name, token }) => asPerson(id, name, `${id}@example.com`, token.bearer));
  }

  return {
    app,
    db,
    sandbox,
    visitor,
    signUp,
    signUpCrowd,
    makeMentor: async (wishes = {}) => {
      const [account] = await signUpCrowd(1);
      if (!account) throw new Error("signUpCrowd(1) returned no account.");
      return becomeMentor(account, wishes);
    },
    countRows: () => countRows(db),
    listen: () => app.listen({ host: "127.0.0.1", port: 0 }),
    close: async () => {
      await app.close();
      await db.drop();
      const missing = missingStatuses();
      if (missing.length > 0) throw new Error(`The OpenAPI document does not list ${missing.join(", ")}.`);
    },
  };
}

export function callWith(app: TypedApp, own: Headers): Call {
  return async (method, path, body, headers = {}) => {
    const whole = /^\/(api|healthz|readyz|metrics|calendar\/|sandbox-checkout\/)/.test(path);
    const payload =
      body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) };
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const url = whole ? path : `/api/v1${path}`;
    const answer = await app.inject({ method, url, headers: { ...type, ...own, ...headers }, ...payload });
    return new Answer(`${method} ${path}`, answer.statusCode, answer.headers, answer.body);
  };
}

const everyDay = [0, 1, 2, 3, 4, 5, 6];

export function daily(start_time: string, end_time: string, days = everyDay): WeeklyWindow[] {
  return days.map((day_of_week) => ({ day_of_week, start_time, end_time }));
}

/** 1:1 sessions of 30, 60 and 90 minutes for 1000, 2000 and 3000. */
export const usualService = {
  session_type: "oneOnOneSession",
  title: "1:1 session",
  durations: [
    { minutes: 30, price: 1000 },
    { minutes: 60, price: 2000 },
    { minutes: 90, price: 3000 },
  ],
} satisfies CreateService;

async function becomeMentor(account: Person, wishes: MentorWishes): Promise<Mentor> {
  const { name = "Asha Rao", timezone = "Asia/Kolkata", windows = daily("09:00", "17:00") } = wishes;
  const username = `m-${account.id.slice(-8)}`;
  const created = await account.call("POST", "/mentors", {
    username,
    full_name: name,
    timezone,
    ...wishes.settings,
  });
  const profile = created.expect(201).read(mentorProfile);
  (await account.call("PUT", "/availability-slots", { recurringSlots: windows })).expect(200);
  const services: Service[] = [];
  for (const wish of wishes.services ?? [{}]) {
    const answer = await account.call("POST", "/mentors/me/services", { ...usualService, ...wish });
    services.push(answer.expect(201).read(service));
  }
  return { ...account, name, profile, services };
}

const tables = [
  "auth.users",
  "auth.sessions",
  "public.profiles",
  "public.expert_profiles",
  "public.services",
  "public.service_durations",
  "public.availability_slots",
  "public.blocked_dates",
  "public.timezone_periods",
  "public.bookings",
  "public.booking_events",
  "public.booking_link_generations",
  "public.occupancies",
  "public.time_requests",
  "public.time_proposals",
  "public.notifications",
  "public.student_notes",
  "public.reviews",
  "public.review_replies",
  "public.no_show_claims",
  "public.availability_alerts",
  "public.mentor_rooms",
  "public.meeting_places",
  "public.join_events",
  "public.favourite_mentors",
  "public.calendar_feeds",
  "public.former_usernames",
  "private.idempotency_keys",
];

async function countRows(db: TestDatabase): Promise<Record<string, number>> {
  const counts = tables.map((table) => `(select count(*) from ${table}) as "${table}"`);
  const { rows } = await db.owner.query<Record<string, number>>(`select ${counts.join(", ")}`);
  return rows[0] ?? {};
}
