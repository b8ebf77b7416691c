// What only a running app can show of a restored database: it starts, a person signs up, finds a free time and books it,
// and the same time cannot be booked twice.

import { randomBytes, randomUUID } from "node:crypto";
import type { Client } from "pg";
import { z } from "zod";
import { booking } from "#contract/bookings.ts";
import { durationMinutes } from "#contract/primitives.ts";
import { slotAnswer } from "#contract/slots.ts";
import { decimalOfMinor } from "#rules/money.ts";
import { addDays } from "#scheduling/dates.ts";
import { asMinutes, epochMs, type LocalDate, type Minutes } from "#scheduling/units.ts";
import { wallClockOf } from "#scheduling/zonedTime.ts";
import { buildApp } from "../../app.ts";
import { type DatabaseOptions, openDatabase, sqlState } from "../../platform/database/database.ts";
import type { TypedApp } from "../../platform/http/route.ts";
import { BackupError } from "./backupError.ts";

/** Serves no one: the origin that the accounts library expects of its callers. */
const publicUrl = "http://localhost:3000";

export interface Check {
  what: string;
  /** The result that was observed. */
  seen: string;
  holds: boolean;
}

export type Logins = Pick<DatabaseOptions, "url" | "accountsUrl" | "queueUrl">;

/** Starts the app without its worker, so that the copy runs no jobs of the original. */
export async function tryRestored(owner: Client, logins: Logins): Promise<Check[]> {
  const database = openDatabase(logins);
  const config = {
    publicUrl,
    rateLimit: false,
    trustProxy: false as const,
    authSecret: randomBytes(32).toString("hex"),
  };
  const app = await buildApp({ config, database });
  try {
    const ready = await ask(app, "GET", "/readyz");
    const checks: Check[] = [
      { what: "the app starts", seen: `${ready.status}`, holds: ready.status === 200 },
    ];
    const student = await signUp(app, owner);
    const free = (await findFreeTime(app, owner)) ?? (await openFreeTime(app, owner));
    const wanted = { expert_id: free.mentor, ...free.wish };
    const booked = await ask(app, "POST", "/api/v1/bookings", student.token, wanted);
    checks.push({
      what: `a booking is made (${free.restored ? "a restored mentor" : "a new mentor: no other has a free time"})`,
      seen: `${booked.status}`,
      holds: booked.status === 201 && booking.safeParse(booked.body).success,
    });
    const other = await signUp(app, owner);
    const twice = await ask(app, "POST", "/api/v1/bookings", other.token, wanted);
    checks.push({
      what: "the same time again is refused",
      seen: `${twice.status}`,
      holds: twice.status === 409,
    });
    checks.push(await overlap(owner, free.mentor), await stranger(owner, other.id));
    return checks;
  } finally {
    await app.close();
    await database.close();
  }
}

/** Checks the constraint itself, without the app's rules. */
async function overlap(owner: Client, mentor: string): Promise<Check> {
  const code = await attempt(
    owner,
    `insert into public.occupancies select r.* from public.occupancies o,
       jsonb_populate_record(o, jsonb_build_object('id', gen_random_uuid())) r where o.expert_id = '${mentor}'`,
  );
  return { what: "taken time twice, past the app", seen: code, holds: code === "23P01" };
}

/** Checks row level security itself: a person without bookings sees none. */
async function stranger(owner: Client, id: string): Promise<Check> {
  const claims = JSON.stringify({ sub: id, role: "authenticated" });
  await owner.query("begin");
  try {
    await owner.query(
      "select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true)",
      [claims],
    );
    const { rowCount } = await owner.query("select id from public.bookings");
    return { what: "bookings that a stranger sees", seen: `${rowCount}`, holds: rowCount === 0 };
  } finally {
    await owner.query("rollback");
  }
}

/** The error code of a statement, which is always rolled back. */
async function attempt(owner: Client, sql: string): Promise<string> {
  await owner.query("begin");
  try {
    await owner.query(sql);
    return "accepted";
  } catch (error) {
    return sqlState(error) ?? String(error);
  } finally {
    await owner.query("rollback");
  }
}

interface FreeTime {
  mentor: string;
  /** Whether the mentor is from the backup. */
  restored: boolean;
  wish: {
    session_type: string;
    scheduled_date: LocalDate;
    scheduled_time: string;
    timezone: string;
    duration: Minutes;
    total_amount: number;
  };
}

const offer = z
  .object({
    expert_id: z.string(),
    timezone: z.string(),
    session_type: z.string(),
    duration: durationMinutes,
    price_minor: z.number(),
    currency: z.string(),
  })
  .transform(({ price_minor, currency, ...rest }) => ({
    ...rest,
    price: decimalOfMinor(price_minor, currency),
  }));
type Offer = z.infer<typeof offer>;

/** Some mentors of the backup may be away or fully booked, so a few are tried. */
async function findFreeTime(app: TypedApp, owner: Client): Promise<FreeTime | undefined> {
  const { rows } = await owner.query(
    `select distinct on (s.expert_id) s.expert_id, p.timezone, s.session_type, d.minutes as duration,
       d.price_minor, s.currency
     from public.services s join public.service_durations d on d.service_id = s.id
     join public.expert_profiles p on p.id = s.expert_id
     where s.enabled and s.session_type = 'oneOnOneSession' order by s.expert_id, d.minutes limit 20`,
  );
  for (const found of z.array(offer).parse(rows)) {
    const time = await firstFree(app, found, true);
    if (time) return time;
  }
  return undefined;
}

async function firstFree(app: TypedApp, mentor: Offer, restored: boolean): Promise<FreeTime | undefined> {
  const { expert_id, timezone, session_type, duration, price } = mentor;
  const from = addDays(wallClockOf(timezone, epochMs(Date.now())).date, 1);
  const question = new URLSearchParams({ from, to: addDays(from, 27), duration: String(duration), timezone });
  const answer = await ask(app, "GET", `/api/v1/mentors/${expert_id}/slots?${question}`);
  const days = slotAnswer.safeParse(answer.body).data?.days ?? [];
  for (const { date, slots } of days) {
    const [slot] = slots;
    if (!slot) continue;
    const wish = { session_type, scheduled_date: date, scheduled_time: slot.time, timezone, duration };
    return { mentor: expert_id, restored, wish: { ...wish, total_amount: price } };
  }
  return undefined;
}

async function openFreeTime(app: TypedApp, owner: Client): Promise<FreeTime> {
  const { id, token } = await signUp(app, owner);
  const timezone = "UTC";
  const weekly = [0, 1, 2, 3, 4, 5, 6].map((day_of_week) => ({
    day_of_week,
    start_time: "09:00",
    end_time: "17:00",
  }));
  const service = { session_type: "oneOnOneSession", duration: asMinutes(60), price: 100 };
  const steps = [
    await ask(app, "POST", "/api/v1/mentors", token, {
      username: `drill-${id.slice(-8)}`,
      full_name: "Drill",
      timezone,
    }),
    await ask(app, "PUT", "/api/v1/availability-slots", token, { recurringSlots: weekly }),
    await ask(app, "POST", "/api/v1/mentors/me/services", token, {
      session_type: service.session_type,
      title: "Drill",
      durations: [{ minutes: service.duration, price: service.price }],
    }),
  ];
  const free = await firstFree(app, { expert_id: id, timezone, ...service }, false);
  if (!free)
    throw new BackupError(`No time can be offered: ${steps.map(({ status }) => status).join(", ")}.`);
  return free;
}

/** An account with a confirmed address: a request to a mentor needs one, and the drill reads no mail. */
async function signUp(app: TypedApp, owner: Client): Promise<{ id: string; token: string }> {
  const answer = await ask(app, "POST", "/api/auth/sign-up/email", undefined, {
    name: "Restore drill",
    email: `${randomUUID()}@example.com`,
    password: randomBytes(16).toString("hex"),
  });
  const account = z.object({ user: z.object({ id: z.string() }) }).safeParse(answer.body);
  if (!account.success) throw new BackupError(`Signing up failed: ${answer.status}.`);
  const { id } = account.data.user;
  await owner.query("update auth.users set email_verified = true where id = $1", [id]);
  return { id, token: answer.token };
}

interface Answer {
  status: number;
  body: unknown;
  token: string;
}

async function ask(
  app: TypedApp,
  method: "GET" | "POST" | "PUT",
  url: string,
  token?: string,
  payload?: object,
): Promise<Answer> {
  const headers = { origin: publicUrl, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const {
    statusCode,
    body,
    headers: given,
  } = await app.inject({
    method,
    url,
    headers,
    ...(payload ? { payload } : {}),
  });
  return { status: statusCode, body: JSON.parse(body), token: String(given["set-auth-token"] ?? "") };
}
