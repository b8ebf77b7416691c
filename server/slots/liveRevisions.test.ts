import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Database } from "../platform/database/database.ts";
import { type LiveRevisionOptions, type LiveRevisions, openLiveRevisions } from "./liveRevisions.ts";

const mentor = "3f8c1c3a-0000-4000-8000-000000000001";
const other = "3f8c1c3a-0000-4000-8000-000000000002";

/** What the database says, and what reaches the process. */
let revisions: Map<string, number>;
let isDatabaseUp: boolean;
let silentFor: number;
let announce: (about: string) => void;
let announceOwn: (channel: string, payload: string) => void;
let live: LiveRevisions;

function open(options: LiveRevisionOptions = {}): void {
  const revisionPool = {
    query: async ({ values }: { values: [string[]] }) => {
      if (!isDatabaseUp) throw new Error("The database is down.");
      return {
        rows: values[0].flatMap((id) => {
          const revision = revisions.get(id);
          return revision === undefined ? [] : [{ expert_id: id, revision }];
        }),
      };
    },
  };
  live = openLiveRevisions(
    {
      revisionPool: revisionPool as unknown as Database["revisionPool"],
      onAnnouncement: (listener) => {
        announceOwn = listener;
      },
    },
    {
      subscribe: (_channel, _id, listener) => {
        announce = listener;
        return () => undefined;
      },
      silentFor: () => silentFor,
    },
    options,
  );
}
beforeEach(() => {
  revisions = new Map([
    [mentor, 1],
    [other, 1],
  ]);
  isDatabaseUp = true;
  silentFor = 0;
  open();
});
afterEach(() => live.close());

/** Reads a schedule as a request does. */
function read(id = mentor) {
  const position = live.position();
  const revision = revisions.get(id) ?? 0;
  live.watch(id, revision);
  return () => live.isCurrent(id, revision, position);
}

it("a revision is current until its mentor's change is announced", () => {
  const isCurrent = read();
  const isOtherCurrent = read(other);
  expect(isCurrent()).toBe(true);
  announce(mentor);
  expect([isCurrent(), isOtherCurrent()]).toEqual([false, true]);
  expect(read()()).toBe(true);
});

it("the process's own changes are known at once, those of other things are not about mentors", () => {
  const isCurrent = read();
  announceOwn("person", `${mentor} bookings`);
  expect(isCurrent()).toBe(true);
  announceOwn("availability", mentor);
  expect(isCurrent()).toBe(false);
});

it("after an interruption everything is read again", () => {
  const isCurrent = read();
  announce("everything");
  expect(isCurrent()).toBe(false);
  expect(read()()).toBe(true);
});

it("a change that is announced while the schedule is read is not missed", () => {
  read();
  const position = live.position();
  announce(mentor);
  live.watch(mentor, 1);
  expect(live.isCurrent(mentor, 1, position)).toBe(false);
});

it("two readings of different revisions are not both current", () => {
  const before = read();
  revisions.set(mentor, 2);
  const after = read();
  expect([before(), after()]).toEqual([false, true]);
});

it("a sweep finds changes that were not announced, and mentors who are gone", async () => {
  await live.close();
  open({ sweepEvery: 10 });
  const [isCurrent, isOtherCurrent] = [read(), read(other)];
  await sleep(50);
  expect([isCurrent(), isOtherCurrent()]).toEqual([true, true]);
  revisions.set(mentor, 2);
  revisions.delete(other);
  await sleep(50);
  expect([isCurrent(), isOtherCurrent()]).toEqual([false, false]);
});

it("nothing is current while the feed or the sweep is silent", async () => {
  await live.close();
  open({ sweepEvery: 10, longestSilence: 100 });
  const isCurrent = read();
  silentFor = 101;
  expect(isCurrent()).toBe(false);
  silentFor = 99;
  expect(isCurrent()).toBe(true);
  isDatabaseUp = false;
  await sleep(150);
  expect(isCurrent()).toBe(false);
  isDatabaseUp = true;
  await sleep(50);
  expect(isCurrent()).toBe(true);
});

it("only the thousand mentors that were read last are watched", () => {
  const isCurrent = read();
  for (let n = 0; n < 999; n++) live.watch(`mentor ${n}`, 1);
  expect(isCurrent()).toBe(true);
  live.watch("one more", 1);
  expect(isCurrent()).toBe(false);
});
