import { expect, it } from "vitest";
import type { BusyReading } from "./busyInterval.ts";
import { busyTimeOfGoogle } from "./googleEvent.ts";
import { mergeBusy } from "./mergeBusy.ts";
import { busyTimeOfMicrosoft } from "./microsoftEvent.ts";
import { calendarText, queryOf, readBusy, timesOf } from "./testing/calendarText.ts";

const summary = ({ busy, faults }: BusyReading) => [...timesOf(busy), ...faults.map(({ reason }) => reason)];

const google = (changes: object = {}) =>
  busyTimeOfGoogle(
    {
      id: "g1",
      iCalUID: "g1@google.com",
      status: "confirmed",
      summary: "Call",
      start: { dateTime: "2026-11-01T09:00:00+05:30", timeZone: "Asia/Kolkata" },
      end: { dateTime: "2026-11-01T10:00:00+05:30", timeZone: "Asia/Kolkata" },
      ...changes,
    },
    queryOf(),
  );
const hour = ["2026-11-01T03:30Z/04:30Z"];

it("Google: busy is what takes its owner's time", () => {
  expect(google().busy[0]).toMatchObject({ uid: "g1@google.com", title: "Call", isAllDay: false });
  for (const busy of [
    {},
    { status: "tentative" },
    { eventType: "focusTime" },
    { eventType: "outOfOffice" },
    { transparency: "opaque" },
    {
      attendees: [
        { email: "x@y.z", responseStatus: "declined" },
        { self: true, responseStatus: "needsAction" },
      ],
    },
  ])
    expect(summary(google(busy)), JSON.stringify(busy)).toEqual(hour);
  for (const free of [
    { status: "cancelled" },
    { status: "cancelled", start: undefined, end: undefined },
    { transparency: "transparent" },
    { eventType: "workingLocation" },
    { attendees: [{ self: true, responseStatus: "declined" }] },
    { start: { dateTime: "2026-08-01T09:00:00Z" }, end: { dateTime: "2026-08-01T10:00:00Z" } },
    { end: { dateTime: "2026-11-01T09:00:00+05:30" } },
  ])
    expect(summary(google(free)), JSON.stringify(free)).toEqual([]);
});

it("Google: dates, times without an offset, and what cannot be read", () => {
  expect(summary(google({ start: { date: "2026-11-03" }, end: { date: "2026-11-05" } }))).toEqual([
    "2026-11-02T23:00Z/2026-11-04T23:00Z",
  ]);
  const local = (dateTime: string) => ({ dateTime, timeZone: "America/New_York" });
  expect(summary(google({ start: local("2026-11-01T00:30:00"), end: local("2026-11-01T03:00:00") }))).toEqual(
    ["2026-11-01T04:30Z/08:00Z"],
  );
  expect(summary(google({ start: {} }))).toEqual(["no_start"]);
  expect(summary(google({ end: { dateTime: "late" } }))).toEqual(["unreadable"]);
  expect(summary(google({ start: 7 }))).toEqual(["unreadable"]);
  expect(summary(google({ end: { dateTime: "2026-10-01T00:00:00Z" } }))).toEqual(["ends_before_start"]);
});

const microsoft = (changes: object = {}, zone = "India Standard Time") =>
  busyTimeOfMicrosoft(
    {
      id: "m1",
      iCalUId: "m1-uid",
      subject: "Call",
      isAllDay: false,
      isCancelled: false,
      showAs: "busy",
      start: { dateTime: "2026-11-01T09:00:00.0000000", timeZone: zone },
      end: { dateTime: "2026-11-01T10:00:00.0000000", timeZone: zone },
      ...changes,
    },
    queryOf(),
  );

it("Microsoft: busy is what takes its owner's time", () => {
  for (const showAs of ["busy", "tentative", "oof", "unknown", undefined])
    expect(summary(microsoft({ showAs })), showAs).toEqual(hour);
  for (const free of [
    { showAs: "free" },
    { showAs: "workingElsewhere" },
    { isCancelled: true },
    { responseStatus: { response: "declined" } },
    { "@removed": { reason: "deleted" }, start: undefined },
  ])
    expect(summary(microsoft(free)), JSON.stringify(free)).toEqual([]);
});

it("Microsoft: zones by either name, whole days as dates, and what cannot be read", () => {
  expect(summary(microsoft({}, "UTC"))).toEqual(["2026-11-01T09:00Z/10:00Z"]);
  expect(summary(microsoft({}, "Asia/Kolkata"))).toEqual(hour);
  expect(summary(microsoft({}, "tzone://Microsoft/Custom"))[0]).toBe("2026-11-01T08:00Z/09:00Z");
  expect(microsoft({}, "tzone://Microsoft/Custom").faults[0]?.reason).toBe("unknown_zone");
  const midnight = (date: string) => ({ dateTime: `${date}T00:00:00.0000000`, timeZone: "UTC" });
  const day = { isAllDay: true, start: midnight("2026-11-03"), end: midnight("2026-11-04") };
  expect(summary(microsoft(day))).toEqual(["2026-11-02T23:00Z/2026-11-03T23:00Z"]);
  expect(summary(microsoft({ start: null }))).toEqual(["unreadable"]);
  expect(summary(microsoft({ start: midnight("2026-13-03") }))).toEqual(["no_start"]);
});

it("intervals that overlap or touch are joined within the range, by title and kind", () => {
  const { busy } = readBusy(
    calendarText(
      ["DTSTART:20260831T230000Z", "DURATION:PT2H"],
      ["DTSTART:20260901T010000Z", "DURATION:PT1H"],
      ["DTSTART:20260901T013000Z", "DURATION:PT15M"],
      ["DTSTART:20260901T013000Z", "DURATION:PT15M", "SUMMARY:Other"],
      ["DTSTART:20260901T040000Z", "DURATION:PT1H"],
    ),
  );
  expect(timesOf(mergeBusy(busy, queryOf()))).toEqual([
    "2026-09-01T00:00Z/02:00Z",
    "2026-09-01T01:30Z/01:45Z",
    "2026-09-01T04:00Z/05:00Z",
  ]);
});
