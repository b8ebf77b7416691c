import { describe, expect, it } from "vitest";
import { addMs, HOUR_MS, parseInstant } from "#scheduling/units.ts";
import { wordsIn } from "#words/languages.ts";
import { mailTimes } from "./mailTimes.ts";

const words = wordsIn("en");
const hour = (start: string) => {
  const from = parseInstant(start);
  return { from, until: addMs(from, HOUR_MS) };
};
const shown = (start: string, own: string, other: string, name = "Asha") => {
  const times = mailTimes(words, own);
  const { time, label } = times.own(hour(start), other);
  const theirs = times.others(hour(start), other, name);
  return [`${time} ${label}`, ...(theirs ? [`${theirs.time} ${theirs.label}`] : [])];
};

describe("the time of a session", () => {
  it("is on both people's clocks, with place and offset", () => {
    expect(shown("2026-12-01T13:15:00Z", "Asia/Kathmandu", "Europe/Berlin")).toEqual([
      "Tue 1 Dec 2026, 19:00–20:00 your time (Kathmandu, UTC+05:45)",
      "Tue 1 Dec 2026, 14:15–15:15 for Asha (Berlin, UTC+01:00)",
    ]);
  });

  it("may be on another day for the other person", () => {
    expect(shown("2026-12-01T13:00:00Z", "America/New_York", "Australia/Lord_Howe")).toEqual([
      "Tue 1 Dec 2026, 08:00–09:00 your time (New York, UTC−05:00)",
      "Wed 2 Dec 2026, 00:00–01:00 for Asha (Lord Howe, UTC+11:00)",
    ]);
  });

  it("is given once where both clocks show the same", () => {
    expect(shown("2026-12-01T13:15:00Z", "Europe/Berlin", "Africa/Lagos")).toEqual([
      "Tue 1 Dec 2026, 14:15–15:15 for both of you (Berlin, UTC+01:00)",
    ]);
    // Half a year later they do not.
    expect(shown("2026-07-01T13:15:00Z", "Europe/Berlin", "Africa/Lagos")).toHaveLength(2);
  });

  it("follows each zone in the weeks in which only one has changed its clock", () => {
    expect(shown("2026-10-27T14:00:00Z", "America/New_York", "Europe/Berlin")).toEqual([
      "Tue 27 Oct 2026, 10:00–11:00 your time (New York, UTC−04:00)",
      "Tue 27 Oct 2026, 15:00–16:00 for Asha (Berlin, UTC+01:00)",
    ]);
  });

  it("says which of two equal times is meant when the clock is set back during the session", () => {
    expect(shown("2026-10-25T00:30:00Z", "Europe/Berlin", "Asia/Kathmandu")[0]).toBe(
      "Sun 25 Oct 2026, 02:30 (UTC+02:00) – 02:30 (UTC+01:00) your time (Berlin)",
    );
    // By half an hour on Lord Howe.
    expect(shown("2026-04-04T14:30:00Z", "Australia/Lord_Howe", "Asia/Kathmandu")[0]).toBe(
      "Sun 5 Apr 2026, 01:30 (UTC+11:00) – 02:00 (UTC+10:30) your time (Lord Howe)",
    );
  });

  it("names the second day of a session over midnight", () => {
    expect(shown("2026-12-31T22:30:00Z", "Europe/Berlin", "UTC")).toEqual([
      "Thu 31 Dec 2026, 23:30 – Fri 1 Jan, 00:30 your time (Berlin, UTC+01:00)",
      "Thu 31 Dec 2026, 22:30–23:30 for Asha (UTC)",
    ]);
  });

  it("has present names for old ones, and none for a zone without a place", () => {
    expect(shown("2026-12-01T13:15:00Z", "Asia/Calcutta", "Etc/GMT+5")).toEqual([
      "Tue 1 Dec 2026, 18:45–19:45 your time (Kolkata, UTC+05:30)",
      "Tue 1 Dec 2026, 08:15–09:15 for Asha (Fixed offset, UTC−05:00)",
    ]);
  });

  it("is in UTC where the zone is unknown here", () => {
    expect(shown("2026-12-01T13:15:00Z", "Mars/Olympus", "Europe/Berlin")[0]).toBe(
      "Tue 1 Dec 2026, 13:15–14:15 your time (UTC)",
    );
  });
});
