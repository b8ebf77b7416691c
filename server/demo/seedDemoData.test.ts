import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createMentor } from "#contract/mentors.ts";
import { createService } from "#contract/services.ts";
import { judgeStart } from "#scheduling/slots.ts";
import { DAY_MS, epochMs, fromDate, MINUTE_MS, type Minutes } from "#scheduling/units.ts";
import { buildApp } from "../app.ts";
import type { TypedApp } from "../platform/http/route.ts";
import { readSchedule } from "../slots/queries.ts";
import { openTestDatabase, type TestDatabase } from "../testing/testDatabase.ts";
import { bookingMismatchesSql, ledgerMismatchesSql } from "./ledgerChecks.ts";
import { demoMentors } from "./mentors/index.ts";
import { demoLogins, demoPassword } from "./people.ts";
import { placeSessions } from "./placeSessions.ts";
import { demoReviews } from "./reviews.ts";
import { seedDemoData } from "./seedDemoData.ts";
import { comingSessions } from "./sessions/coming.ts";
import { pastSessions } from "./sessions/past.ts";

const config = {
  publicUrl: "http://localhost:3000",
  rateLimit: false,
  trustProxy: false as const,
  authSecret: "a secret that is only used by this test file",
};

/** The size of each table: seeding again must not change it. */
const countsSql = `
  select (select count(*) from auth.users) as users, (select count(*) from auth.accounts) as accounts,
    (select count(*) from profiles) as profiles, (select count(*) from expert_profiles) as mentors,
    (select count(*) from services) as services, (select count(*) from availability_slots) as windows,
    (select count(*) from blocked_dates) as days_off, (select count(*) from mentor_rooms) as rooms,
    (select count(*) from favourite_mentors) as favourites, (select count(*) from bookings) as bookings,
    (select count(*) from occupancies) as occupancies, (select count(*) from booking_events) as events`;

let test: TestDatabase;
const count = async () => (await test.owner.query(countsSql)).rows[0];

describe("the demo", () => {
  let app: TypedApp;

  beforeAll(async () => {
    test = await openTestDatabase();
    expect(await seedDemoData(test.owner, { wanted: true })).toBe(true);
    app = await buildApp({ config, database: test.database });
  });

  afterAll(async () => {
    await app.close();
    await test.drop();
  });

  it("has twelve mentors in ten zones, one of them without hours", async () => {
    const { data } = (await app.inject("/api/v1/mentors?limit=100")).json();
    expect(data).toHaveLength(12);
    expect(new Set(data.map(({ timezone }: { timezone: string }) => timezone)).size).toBe(10);
    const { rows } = await test.owner.query(
      "select username from expert_profiles where id not in (select expert_id from availability_slots)",
    );
    expect(rows).toEqual([{ username: "wanjiru" }]);
  });

  it("shows each mentor's page and free times, the one without hours excepted", async () => {
    const day = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
    for (const { handle, services } of demoMentors) {
      const page = await app.inject(`/api/v1/mentors/${handle}`);
      expect(page.statusCode, handle).toBe(200);
      expect(page.json().services.map(({ title }: { title: string }) => title)).toEqual(
        services.map(({ title }) => title),
      );
      const [minutes] = services[0]?.durations[0] ?? [0];
      const answer = await app.inject(
        `/api/v1/mentors/${handle}/slots?from=${day(0)}&to=${day(28)}&duration=${minutes}&timezone=Asia/Kolkata`,
      );
      const free = answer.json().days.flatMap(({ slots }: { slots: unknown[] }) => slots);
      expect(free.length > 0, handle).toBe(handle !== "wanjiru");
    }
  });

  it("has a ledger that matches the bookings", async () => {
    expect((await test.owner.query(ledgerMismatchesSql)).rows).toEqual([]);
    expect((await test.owner.query(bookingMismatchesSql)).rows).toEqual([]);
  });

  it("twin: finds a ledger that does not match", async () => {
    await test.owner.query("begin");
    await test.owner.query(
      `update occupancies set capacity = capacity + 1 where id = (select occupancy_id from bookings
         where occupancy_id is not null limit 1)`,
    );
    expect((await test.owner.query(ledgerMismatchesSql)).rows).toHaveLength(1);
    await test.owner.query("rollback");
  });

  it("has every session on a start that was offered when it was booked", async () => {
    const { rows } = await test.owner.query<{
      id: string;
      expert_id: string;
      service_id: string;
      starts_at: Date;
      duration: Minutes;
      created_at: Date;
    }>(
      "select id, expert_id, service_id, starts_at, duration, created_at from bookings where series_id is null",
    );
    expect(rows.length).toBeGreaterThan(50);
    for (const booking of rows) {
      const startsAt = booking.starts_at.getTime();
      const { schedule: now, taken } = await readSchedule(test.owner, booking.expert_id, {
        from: epochMs(startsAt),
        until: epochMs(startsAt + booking.duration * MINUTE_MS),
      });
      // Others wait for it since.
      const { waits: _since, ...schedule } = now;
      const verdict = judgeStart(
        schedule,
        taken.filter((each) => each.startsAt !== startsAt),
        {
          ...booking,
          startsAt: epochMs(startsAt),
          now: fromDate(booking.created_at),
          serviceId: booking.service_id,
        },
      );
      expect(verdict, JSON.stringify(booking)).toBe("free");
    }
  });

  it("has reviews of sessions that took place, and the resulting ratings", async () => {
    const { rows } = await test.owner.query(
      `select p.username from expert_profiles p left join reviews r on r.expert_id = p.id
       group by p.id having p.review_count <> count(r.id) or p.rating is distinct from round(avg(r.rating), 2)`,
    );
    expect(rows).toEqual([]);
    const reviews = await test.owner.query(
      "select from reviews r join bookings b on b.id = r.booking_id where b.status = 'completed' and r.created_at < now()",
    );
    expect(reviews.rowCount).toBe(demoReviews.length);
    const { rows: left } = await test.owner.query("select task_identifier from graphile_worker.jobs");
    expect(left.filter(({ task_identifier }) => task_identifier.startsWith("notify_review"))).toEqual([]);
  });

  it("has something in every state, before and after now", async () => {
    const { rows } = await test.owner.query(
      `select status, starts_at < now() as past, count(*) from bookings group by 1, 2 order by 1, 2`,
    );
    expect(rows.map(({ status, past }) => `${status} ${past ? "past" : "coming"}`)).toEqual([
      "cancelled coming",
      "cancelled past",
      "completed past",
      "confirmed coming",
      "confirmed past",
      "pending coming",
    ]);
    const { rows: kinds } = await test.owner.query("select distinct kind from booking_events order by kind");
    expect(kinds.map(({ kind }) => kind)).toEqual([
      "cancelled",
      "completed",
      "confirmed",
      "created",
      "declined",
      "expired",
      "no_show_claimed",
    ]);
  });

  it.each(demoLogins)("lets the $role sign in and see sessions", async ({ email, role }) => {
    const signIn = await app.inject({
      method: "POST",
      url: "/api/auth/sign-in/email",
      payload: { email, password: demoPassword },
    });
    expect(signIn.statusCode).toBe(200);
    const authorization = `Bearer ${signIn.headers["set-auth-token"]}`;
    const me = (await app.inject({ url: "/api/v1/me", headers: { authorization } })).json();
    expect(me).toMatchObject({ email });
    expect(me.mentor === null).toBe(role === "student");
    const as = role === "student" ? "as=student" : "as=mentor";
    const url = `/api/v1/bookings?${as}&limit=100`;
    const { data } = (await app.inject({ url, headers: { authorization } })).json();
    expect(data.length).toBeGreaterThan(5);
    if (role === "student") {
      const soonest = data.filter(({ status }: { status: string }) => status === "confirmed").at(-1);
      expect(soonest.meeting_url).toBe(`https://meet.example.com/${soonest.mentor.username}`);
      const favourites = (
        await app.inject({ url: "/api/v1/me/favourites", headers: { authorization } })
      ).json();
      expect(favourites.data.map(({ username }: { username: string }) => username)).toEqual([
        "asha",
        "oliver",
        "farida",
      ]);
    }
    const waiting = data.filter(({ status }: { status: string }) => status === "pending").length;
    if (email === "rohan@example.com") expect(waiting).toBe(3);
    if (email === "asha@example.com") expect(waiting).toBe(0);
  });

  it("has scheduled group sessions: one with enough people, one that waits for more", async () => {
    const { rows } = await test.owner.query(
      `select g.min_attendees, o.seats_taken from group_sessions g join occupancies o on o.id = g.occupancy_id
       where g.origin = 'scheduled' and g.programme_id is null and g.state = 'open' and g.decide_at > now() order by g.starts_at`,
    );
    expect(rows).toEqual([
      { min_attendees: 3, seats_taken: 3 },
      { min_attendees: 4, seats_taken: 2 },
    ]);
  });

  it("has a queue of two for a booked session, and a time that is kept for the student whose login is printed", async () => {
    const { rows } = await test.owner.query(
      `select p.username as mentor, u.email, e.state, o.state as offer, o.expires_at > now() as is_open, h.state as held
       from waitlist_entries e join expert_profiles p on p.id = e.expert_id join auth.users u on u.id = e.user_id
         left join waitlist_offers o on o.entry_id = e.id left join occupancies h on h.id = o.occupancy_id
       order by p.username, e.place`,
    );
    const waiting = { state: "waiting", offer: null, is_open: null, held: null };
    expect(rows).toEqual([
      { mentor: "asha", email: "daniel@example.com", ...waiting },
      { mentor: "asha", email: "meera@example.com", ...waiting },
      {
        mentor: "oliver",
        email: demoLogins[0]?.email,
        state: "offered",
        offer: "open",
        is_open: true,
        held: "hold",
      },
      { mentor: "oliver", email: "lucia@example.com", ...waiting },
    ]);
    // Asha's is a time that another student has: it is free for no person who waits.
    const { rowCount } = await test.owner.query(
      `select from waitlist_entries e join bookings b on b.expert_id = e.expert_id and b.starts_at = e.starts_from
         and b.service_id = e.service_id and b.duration = e.duration and b.user_id <> e.user_id and b.status = 'confirmed'`,
    );
    expect(rowCount).toBe(2);
  });

  it("has a programme of eight weeks with two people in all of its sessions", async () => {
    const { rows } = await test.owner.query(
      `select r.title, count(*)::integer as sessions, min(o.seats_taken) as fewest, max(o.seats_taken) as most
       from programmes r join occupancies o on o.programme_id = r.id group by r.id`,
    );
    expect(rows).toEqual([{ title: "Eight outages in eight weeks", sessions: 8, fewest: 2, most: 2 }]);
  });

  it("is seeded once", async () => {
    const before = await count();
    expect(await seedDemoData(test.owner, { wanted: true })).toBe(true);
    expect(await seedDemoData(test.owner, { wanted: false })).toBe(true);
    expect(await count()).toEqual(before);
  });

  it("left every trigger on", async () => {
    const { rows } = await test.owner.query("select tgname from pg_trigger where tgenabled <> 'O'");
    expect(rows).toEqual([]);
  });
});

describe("seeding", () => {
  beforeEach(async () => {
    test = await openTestDatabase();
  });
  afterEach(() => test.drop());

  const nothing = {
    users: 0,
    accounts: 0,
    profiles: 0,
    mentors: 0,
    services: 0,
    windows: 0,
    days_off: 0,
    rooms: 0,
    favourites: 0,
    bookings: 0,
    occupancies: 0,
    events: 0,
  };

  it("happens only if it is wanted", async () => {
    expect(await seedDemoData(test.owner, { wanted: false })).toBe(false);
    expect(await count()).toEqual(nothing);
  });

  it("leaves a database with people alone", async () => {
    await test.owner.query(
      "insert into auth.users (name, email) values ('Somebody', 'somebody@example.org')",
    );
    expect(await seedDemoData(test.owner, { wanted: true })).toBe(false);
    expect(await count()).toEqual({ ...nothing, users: 1 });
  });

  it.each([
    ["an error", "raise exception 'the disk is full'", /the disk is full/],
    ["a lost connection", "perform pg_terminate_backend(pg_backend_pid())", /terminat/],
  ])(
    "leaves nothing after %s in the middle, and succeeds the next time",
    async (_name, accident, complaint) => {
      await test.owner.query(`
      create function accident() returns trigger language plpgsql as $$ begin ${accident}; return new; end $$;
      create trigger accident before update on bookings for each row execute function accident()`);
      const unlucky = new pg.Client({ connectionString: test.ownerUrl });
      unlucky.on("error", () => undefined);
      await unlucky.connect();
      await expect(seedDemoData(unlucky, { wanted: true })).rejects.toThrow(complaint);
      await unlucky.end();
      expect(await count()).toEqual(nothing);

      await test.owner.query("drop trigger accident on bookings");
      expect(await seedDemoData(test.owner, { wanted: true })).toBe(true);
      expect(await count()).toMatchObject({ mentors: 12 });
    },
  );

  it("by two app processes at the same time makes one demo", async () => {
    const second = new pg.Client({ connectionString: test.ownerUrl });
    await second.connect();
    const answers = await Promise.all([
      seedDemoData(test.owner, { wanted: true }),
      seedDemoData(second, { wanted: true }),
    ]);
    await second.end();
    expect(answers).toEqual([true, true]);
    expect(await count()).toMatchObject({ mentors: 12 });
  });
});

describe("the data", () => {
  it("finds its starts on every day", () => {
    const sessions = [...pastSessions, ...comingSessions];
    const first = Date.UTC(2026, 10, 22);
    // Seven hours more each day: every hour of the day comes up, and every clock change of three years.
    for (let now = first; now < first + 1100 * DAY_MS; now += DAY_MS + 7 * 60 * MINUTE_MS) {
      const placed = placeSessions(demoMentors, sessions, epochMs(now));
      expect(placed).toHaveLength(sessions.length);
      for (const { session, endsAt, startsAt } of placed) {
        expect(session.inDays < 0 ? endsAt < now : startsAt > now).toBe(true);
      }
    }
  });

  it("is what the API would have accepted", () => {
    for (const {
      handle,
      verified: _,
      services,
      weekly: __,
      extra,
      daysOff,
      joinedDaysAgo,
      meetingNote: ___,
      ...profile
    } of demoMentors) {
      const { settings, ...texts } = profile;
      expect(() => createMentor.parse({ username: handle, ...texts, ...settings })).not.toThrow();
      for (const { key: _key, durations, ...service } of services) {
        const priced = durations.map(([minutes, price]) => ({ minutes, price }));
        expect(() => createService.parse({ ...service, durations: priced })).not.toThrow();
      }
    }
  });
});
