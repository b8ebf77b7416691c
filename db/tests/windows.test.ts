import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lateMinutes } from "#rules/calendarHealth.ts";
import { paymentWindows } from "#rules/paymentWindows.ts";
import { retention, windowHours } from "#rules/windows.ts";
import { openTestDatabase, type TestDatabase } from "../../server/testing/testDatabase.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.drop());

/** Windows of rules/windows.ts that a function of the database enforces; the others are the app's alone. */
const enforced: readonly (readonly [keyof typeof windowHours, string])[] = [
  ["requestAnswer", "private.request_expiry"],
  ["noShowReport", "private.prepare_no_show_claim"],
  ["noShowAnswer", "private.prepare_no_show_claim"],
  ["completion", "private.complete_held_sessions"],
  ["completion", "private.held_sessions"],
  ["reviewChange", "private.review_is_open"],
  ["unconfirmedReview", "private.review_opens_at"],
  ["delivery", "private.send_again"],
  ["sessionEntry", "private.session_entry_work"],
];
const enforcedMinutes: readonly (readonly [keyof typeof paymentWindows, string])[] = [
  ["paymentHold", "private.booking_expiry"],
  ["morePaymentTime", "private.extend_hold"],
];

const hoursPer = { hour: 1, day: 24, month: 30 * 24, year: 365 * 24 } as const;

/** An interval such as '3 days' in hours; a month has 30 days here, a year 365. */
function hoursOf(interval: string): number {
  const [, count, unit] = /^(\d+) (hour|day|month|year)s?$/.exec(interval) ?? [];
  return Number(count) * hoursPer[unit as keyof typeof hoursPer];
}

/** The intervals of hours and longer that a definition names, in hours. */
function hoursIn(source: string): number[] {
  const named = source.matchAll(
    /interval '(\d+ (?:hour|day|month|year)s?)'|'(\d+ \w+)'::interval|'(\d+):00:00'::interval/g,
  );
  return [...named].map(([, before, after, hours]) =>
    hours === undefined ? hoursOf(before ?? after ?? "") : Number(hours),
  );
}

async function sourceOf(name: string): Promise<string> {
  const { rows } = await db.owner.query<{ source: string }>(
    "select pg_get_functiondef(p.oid) as source from pg_proc p where p.oid = any (select to_regproc($1)::oid)",
    [name],
  );
  expect(rows).toHaveLength(1);
  return rows[0]?.source ?? "";
}

/** The intervals that a definition names in minutes; of more than one minute, which is a unit. */
function minutesIn(source: string): number[] {
  const named = source.matchAll(/interval '(\d+) minutes'|'00:(\d\d):00'::interval/g);
  return [...named].map(([, written, stored]) => Number(written ?? stored)).filter((minutes) => minutes > 1);
}

describe("windows of time", () => {
  it.each(enforced)("%s is the interval of %s", async (window, name) => {
    expect(hoursIn(await sourceOf(name))).toContain(windowHours[window]);
  });

  it.each(["private.open_payment", "private.follow_session_with_payment", "private.book_sessions"])(
    "dispute is an interval of %s",
    async (name) => {
      expect(hoursIn(await sourceOf(name))).toContain(paymentWindows.dispute / 60);
    },
  );

  it.each(enforcedMinutes)("%s is the interval of %s", async (window, name) => {
    expect(minutesIn(await sourceOf(name))).toEqual([paymentWindows[window]]);
  });

  it.each([
    ["orphan", "private.orphaned_payments"],
    ["orphan", "private.money_troubles"],
    ["refundTaken", "private.overdue_refunds"],
    ["refundArrival", "private.overdue_refunds"],
    ["razorpayRelease", "private.money_troubles"],
  ] as const)("%s is an interval of %s", async (window, name) => {
    const source = await sourceOf(name);
    const hours = hoursIn(source).map((count) => count * 60);
    expect([...minutesIn(source), ...hours]).toContain(paymentWindows[window]);
  });

  it("a connection that is read no more is late after as long in private.count_calendar_connections as in the app", async () => {
    expect(minutesIn(await sourceOf("private.count_calendar_connections"))).toEqual([lateMinutes]);
  });

  it("bothCancel is the interval of private.join_cancellation", async () => {
    expect(await sourceOf("private.join_cancellation")).toContain(
      `interval '${paymentWindows.bothCancel * 60} seconds'`,
    );
  });

  it("no function and no policy of the database has one that is missing in rules/windows.ts", async () => {
    const known = new Set([
      ...Object.values(windowHours),
      paymentWindows.dispute / 60,
      paymentWindows.refundArrival / 60,
      paymentWindows.razorpayRelease / 60,
      ...Object.values(retention).map(hoursOf),
      // The people to notify and the rooms to show are searched by an indexed start, well before the exact end.
      48,
    ]);
    const { rows } = await db.owner.query<{ name: string; source: string }>(`
      select p.oid::regproc::text as name, pg_get_functiondef(p.oid) as source from pg_proc p
        where p.pronamespace in ('public'::regnamespace, 'private'::regnamespace, 'auth'::regnamespace)
          and p.prokind = 'f' and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      union all
      select format('%s on %s', policyname, tablename), concat(qual, with_check) from pg_policies`);
    expect(rows.filter(({ source }) => hoursIn(source).length > 0).length).toBeGreaterThan(12);
    const stray = rows.filter(({ source }) => hoursIn(source).some((hours) => !known.has(hours)));
    expect(stray.map(({ name }) => name)).toEqual([]);
  });

  it("twin: another interval is another number", () => {
    expect(hoursIn("now() + interval '47 hours', interval '2 days', interval '1 minute'")).toEqual([47, 48]);
    expect(hoursIn("now() - '15 days'::interval, interval '6 months'")).toEqual([360, 4320]);
    expect(minutesIn("interval '13 minutes', '00:04:00'::interval, 3 * interval '1 minute'")).toEqual([
      13, 4,
    ]);
  });
});
