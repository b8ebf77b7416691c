import { describe, expect, test } from "vitest";
import type { CalendarConnection } from "#contract/calendarConnections.ts";
import { fixOf, isOwnWords, noticesOf, offeringOf, problemSentence } from "./connectionState.ts";

const now = new Date("2026-11-29T08:00:00Z");
const fine: CalendarConnection = {
  id: "00000000-0000-7000-8000-000000000001",
  kind: "caldav",
  name: "Work",
  server_url: "https://dav.example",
  username: "asha",
  health: "fine",
  permission: null,
  problem: null,
  problem_detail: null,
  broken_since: null,
  synced_at: "2026-11-29T07:58:00Z",
  login_ends_at: null,
  if_stale: "continue",
  shows_titles: false,
  created_at: "2026-11-01T00:00:00Z",
  calendars: [
    {
      id: "00000000-0000-7000-8000-000000000002",
      name: "Home",
      color: null,
      timezone: null,
      is_writable: true,
      counts_as_busy: true,
      receives_sessions: false,
      sessions_problem: null,
      sessions_problem_detail: null,
      missing_since: null,
    },
  ],
};
const broken = (problem: CalendarConnection["problem"], more: Partial<CalendarConnection> = {}) => ({
  ...fine,
  health: "broken" as const,
  problem,
  ...more,
});

describe("the button that mends a connection", () => {
  test.each([
    ["none while all is well", fine, null],
    ["a refused password", broken("login_refused"), "password"],
    ["a refused sign-in", broken("login_refused", { kind: "google" }), "signIn"],
    ["a feed that is gone", broken("not_found", { kind: "feed" }), "address"],
    ["a feed that is refused", broken("forbidden", { kind: "feed" }), "address"],
    ["a server that does not answer", broken("unreachable"), "tryAgain"],
    ["old busy times without a known reason", broken(null), "tryAgain"],
    ["a password that ends tomorrow", { ...fine, login_ends_at: "2026-11-30T08:00:00Z" }, "password"],
    ["a password that ends next week", { ...fine, login_ends_at: "2026-12-06T08:00:00Z" }, null],
  ] as const)("%s", (_, connection, fix) => {
    expect(fixOf(connection, now)).toBe(fix);
  });
});

describe("the strip in the workspace", () => {
  test("says nothing while all is well, late or without a calendar that counts", () => {
    const calendars = fine.calendars.map((each) => ({ ...each, counts_as_busy: false }));
    const quiet = [fine, { ...fine, health: "late" as const }, broken("login_refused", { calendars })];
    expect(noticesOf(quiet, now)).toEqual([]);
  });

  test("says that times are paused only once they are", () => {
    const ofAge = (minutes: number, more: Partial<CalendarConnection> = {}) =>
      offeringOf(
        broken("login_refused", {
          synced_at: new Date(now.getTime() - minutes * 60_000).toISOString(),
          if_stale: "pause",
          ...more,
        }),
        now,
        30,
      );
    expect([ofAge(2), ofAge(29), ofAge(31)]).toEqual(["willPause", "willPause", "paused"]);
    expect(ofAge(31, { if_stale: "continue" })).toBe("continues");
    expect(ofAge(0, { synced_at: null })).toBe("paused");
  });

  test("quotes a server only if it has spoken", () => {
    expect(isOwnWords("429 Slow down")).toBe(true);
    expect(isOwnWords("401")).toBe(true);
    expect(isOwnWords("no answer within 15 s")).toBe(false);
  });

  test("names what pauses the offer first, and a login that ends last", () => {
    const ends = { ...fine, name: "ends", login_ends_at: "2026-11-30T08:00:00Z" };
    const continues = broken("unreachable", { name: "continues" });
    const pauses = broken("unreachable", { name: "pauses", if_stale: "pause" });
    const notices = noticesOf([ends, continues, pauses], now);
    expect(notices.map(({ connection }) => connection.name)).toEqual(["pauses", "continues", "ends"]);
  });
});

test("where people sign in at a vendor, a problem names it, and no password", () => {
  expect(problemSentence({ kind: "google" }, "login_refused")).toBe(
    "Google doesn’t let us in any more. Sign in there again.",
  );
  expect(problemSentence({ kind: "caldav" }, "login_refused")).toContain("password");
  expect(problemSentence({ kind: "google" }, "limited")).toBe(problemSentence({ kind: "feed" }, "limited"));
});
