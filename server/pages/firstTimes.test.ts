import { afterAll, beforeAll, expect, it } from "vitest";
import { epochMs } from "#scheduling/units.ts";
import { createSlotCache } from "../slots/slotCache.ts";
import { daily, type Mentor, openTestApp, type TestApp } from "../testing/testApp.ts";
import { openFirstTimes } from "./firstTimes.ts";

const now = () => epochMs(Date.parse("2035-03-04T12:00:00Z"));
/** No cached response is current without a look at the revision. */
const neverLive = { position: () => 0, watch: () => undefined, isCurrent: () => false };
let test: TestApp;
let mentor: Mentor;
let read: ReturnType<typeof openFirstTimes>;
beforeAll(async () => {
  test = await openTestApp({ now });
  mentor = await test.makeMentor({ windows: daily("09:00", "11:00") });
  const { database } = test.db;
  read = openFirstTimes({ database, slots: createSlotCache(database, now, neverLive), now });
});
afterAll(() => test.close());

const address = (query: Record<string, string | undefined> = {}) => ({
  book: "time",
  service: mentor.services[0]?.id,
  minutes: "60",
  ...query,
});

it("reads the mentor, the first times and the zone rules for the second step of a booking", async () => {
  const times = await read(mentor.profile.username, address());
  expect(times).toMatchObject({ serviceId: mentor.services[0]?.id, minutes: 60, chosen: null });
  expect(times?.mentor.id).toBe(mentor.id);
  expect(times?.slots).toHaveLength(10);
  expect(times?.slots[0]?.starts_at).toBe("2035-03-05T03:30:00.000Z");
  expect(times?.zones.data.map(({ timezone }) => timezone)).toEqual([mentor.profile.timezone]);
});

it("adds the chosen start if it is among them", async () => {
  const at = "2035-03-05T03:30:00.000Z";
  expect((await read(mentor.profile.username, address({ at })))?.chosen).toBe(Date.parse(at));
});

it("reads nothing where the page shows something else", async () => {
  const { username } = mentor.profile;
  for (const query of [
    {},
    address({ book: "service" }),
    address({ book: "details" }),
    address({ minutes: "45" }),
    address({ minutes: "x" }),
    address({ service: mentor.id }),
    address({ service: "none" }),
    address({ aside: "ask" }),
    // A start that the page says is taken.
    address({ at: "2035-03-05T04:10:00Z" }),
    address({ at: "never" }),
    { ...address(), book: ["time", "time"] },
  ]) {
    expect(await read(username, query), JSON.stringify(query)).toBeNull();
  }
  expect(await read("nobody-here", address())).toBeNull();
});
