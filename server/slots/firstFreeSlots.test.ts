import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addDays } from "#scheduling/dates.ts";
import { asMinutes, epochMs, type LocalDate } from "#scheduling/units.ts";
import { book, readSlots } from "../testing/booking.ts";
import { daily, type Mentor, openTestApp, type Person, type TestApp } from "../testing/testApp.ts";
import { firstFreeSlots } from "./firstFreeSlots.ts";
import { createSlotCache, type SlotCache } from "./slotCache.ts";

const now = epochMs(Date.parse("2035-03-04T12:00:00Z"));
const today = "2035-03-04" as LocalDate;
/** No cached response is current without a look at the revision. */
const neverLive = { position: () => 0, watch: () => undefined, isCurrent: () => false };
let test: TestApp;
let student: Person;
let cache: SlotCache;
beforeAll(async () => {
  test = await openTestApp({ now: () => now });
  [student] = (await test.signUpCrowd(1)) as [Person];
  cache = createSlotCache(test.db.database, () => now, neverLive);
});
afterAll(() => test.close());

const first = async (mentor: Mentor, from: Pick<SlotCache, "read"> = cache) => {
  const request = {
    mentorId: mentor.id,
    service_id: mentor.services[0]?.id ?? "",
    duration: asMinutes(60),
    count: 10,
    windowDays: mentor.profile.booking_window_days,
  };
  return (await firstFreeSlots(from, request, now))?.map(({ starts_at }) => starts_at);
};

const listed = async (mentor: Mentor, days: number) =>
  (await readSlots(test.visitor, mentor, { from: today, to: addDays(today, days) })).map(
    ({ starts_at }) => starts_at,
  );

describe("the first free starts", () => {
  it("are those of GET slots, earliest first, in zones on both sides of UTC", async () => {
    for (const timezone of ["Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
      const mentor = await test.makeMentor({ timezone, windows: daily("00:00", "24:00") });
      expect(await first(mentor)).toEqual((await listed(mentor, 3)).slice(0, 10));
    }
  });

  it("lack what has been booked a moment ago, although they were cached before", async () => {
    const mentor = await test.makeMentor({ windows: daily("09:00", "17:00") });
    const before = (await first(mentor)) ?? [];
    // The twin: without the check of the revision the taken time would still be offered.
    const answers = new Map<string, Awaited<ReturnType<SlotCache["read"]>>>();
    const unchecked: Pick<SlotCache, "read"> = {
      read: async (id, request) => {
        const key = JSON.stringify(request);
        const known = answers.get(key) ?? (await cache.read(id, request));
        answers.set(key, known);
        return known;
      },
    };
    await first(mentor, unchecked);
    await book(student, mentor, before[0] ?? "");
    expect(await first(mentor)).not.toContain(before[0]);
    expect(await first(mentor, unchecked)).toContain(before[0]);
  });

  it("are found after the first week, and after the next month", async () => {
    const date = "2035-03-29";
    const mentor = await test.makeMentor({ windows: [], settings: { booking_window_days: 100 } });
    expect(await first(mentor)).toEqual([]);
    await mentor.call("POST", "/availability-slots", slotOn("2035-05-20"));
    expect(await first(mentor)).toHaveLength(1);
    await mentor.call("POST", "/availability-slots", slotOn(date));
    expect((await first(mentor))?.map((at) => at.slice(0, 10))).toEqual([date]);
  });

  it("are unknown where the booking window goes further than the search", async () => {
    const settings = { booking_window_days: 300 };
    expect(await first(await test.makeMentor({ windows: [], settings }))).toBeUndefined();
  });

  it("are none of a paused mentor", async () => {
    const mentor = await test.makeMentor({ settings: { accepting_bookings: false } });
    expect(await first(mentor)).toEqual([]);
  });
});

function slotOn(date: string) {
  return { specific_date: date, start_time: "10:00", end_time: "11:00" };
}
