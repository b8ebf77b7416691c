import { expect, it } from "vitest";
import { calendarLimits } from "#rules/limits.ts";
import { busyTimes } from "./busyTimes.ts";
import { calendarText, queryOf, readBusy, timesOf } from "./testing/calendarText.ts";

const good = ["UID:good", "DTSTART:20261101T090000Z", "DURATION:PT1H"];
/** An event beside a good one, which must be read whatever happens to the other. */
function beside(...lines: string[]) {
  const { busy, faults } = readBusy(calendarText(["UID:odd", ...lines], good));
  expect(timesOf(busy.filter(({ uid }) => uid === "good"))).toEqual(["2026-11-01T09:00Z/10:00Z"]);
  expect(faults.every(({ uid }) => uid === "odd")).toBe(true);
  return {
    busy: timesOf(busy.filter(({ uid }) => uid === "odd")),
    faults: faults.map(({ reason }) => reason),
  };
}

it("what is too large, has too many events or is no calendar is refused", () => {
  const ask = (text: string) => busyTimes(text, queryOf());
  expect(ask("x".repeat(calendarLimits.characters + 1))).toBe("too_large");
  const event = "BEGIN:VEVENT\nDTSTART:20261101T090000Z\nEND:VEVENT\n";
  expect(ask(`BEGIN:VCALENDAR\n${event.repeat(calendarLimits.events + 1)}END:VCALENDAR`)).toBe(
    "too_many_events",
  );
  for (const text of ["", "<!doctype html><title>Sign in</title>", '{"error":"gone"}'])
    expect(ask(text)).toBe("no_calendar");
  expect(ask("BEGIN:VCALENDAR\nEND:VCALENDAR")).toEqual({ busy: [], faults: [] });
});

it("a byte order mark, line ends of any kind, folded lines, lower case and a missing end are read", () => {
  const text = calendarText(["summary:A very long\r\n  title that\r\n\t is folded", ...good]);
  for (const same of [
    text,
    `\uFEFF${text}`,
    text.replaceAll("\r\n", "\n"),
    text.replaceAll("\r\n", "\r"),
    text.split("END:VEVENT")[0]!,
  ]) {
    const { busy, faults } = readBusy(same);
    expect(timesOf(busy)).toEqual(["2026-11-01T09:00Z/10:00Z"]);
    expect(busy[0]?.title).toBe("A very long title that is folded");
    expect(faults).toEqual([]);
  }
  const alarm = ["BEGIN:VALARM", "DURATION:PT9H", "DTSTART:20260101T000000Z", "END:VALARM"];
  expect(timesOf(readBusy(calendarText([...alarm, ...good])).busy)).toEqual(["2026-11-01T09:00Z/10:00Z"]);
  expect(
    timesOf(
      readBusy(calendarText(["DTSTART:20261101T090000Z", "duration:PT1H", "rrule:freq=daily;count=2"])).busy,
    ),
  ).toHaveLength(2);
});

it("an event that cannot be read is a fault, and what can be read of it counts", () => {
  const hour = ["DTSTART:20261102T090000Z", "DURATION:PT1H"];
  const once = ["2026-11-02T09:00Z/10:00Z"];
  expect(beside("SUMMARY:nothing else")).toEqual({ busy: [], faults: ["no_start"] });
  expect(beside("DTSTART:soon", "DURATION:PT1H")).toEqual({ busy: [], faults: ["unreadable", "no_start"] });
  expect(beside("DTSTART:20261340T990000Z")).toEqual({ busy: [], faults: ["unreadable", "no_start"] });
  expect(beside("DTSTART;TZID=x", "DURATION:PT1H")).toEqual({ busy: [], faults: ["unreadable", "no_start"] });
  expect(beside(...hour, "RRULE:FREQ=FORTNIGHTLY")).toEqual({ busy: once, faults: ["bad_rule"] });
  expect(beside(...hour, "RRULE:FREQ=DAILY;UNTIL=never")).toEqual({ busy: once, faults: ["bad_rule"] });
  expect(beside(...hour, "EXDATE:garbage")).toEqual({ busy: once, faults: ["unreadable"] });
  expect(beside(...hour, "X-ANYTHING;;;:")).toEqual({ busy: once, faults: [] });
  expect(beside("DTSTART:20261102T090000Z", "DTEND:20261102T080000Z")).toEqual({
    busy: [],
    faults: ["ends_before_start"],
  });
  expect(beside("DTSTART:20261102T090000Z", "DURATION:-PT1H")).toEqual({
    busy: [],
    faults: ["ends_before_start"],
  });
  expect(beside("DTSTART:20261102T090000Z", "DURATION:an hour")).toEqual({
    busy: [],
    faults: ["unreadable"],
  });
});

it("a rule that yields nothing leaves its start", () => {
  const of = (rule: string) => beside("DTSTART:20261102T090000Z", "DURATION:PT1H", `RRULE:${rule}`);
  for (const rule of [
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=5",
    "FREQ=SECONDLY;INTERVAL=86400;BYSECOND=7",
    "FREQ=DAILY;INTERVAL=999999999",
  ])
    expect(of(rule), rule).toEqual({ busy: ["2026-11-02T09:00Z/10:00Z"], faults: [] });
});

it("a rule with a million occurrences makes all of the time busy, until it ends", () => {
  const of = (rule: string) => beside("DTSTART:20261102T090000Z", "DURATION:PT1M", `RRULE:${rule}`);
  const until = "2027-04-01T00:00Z";
  const hours = Array.from({ length: 24 }, (_, hour) => hour).join();
  const sixty = Array.from({ length: 60 }, (_, minute) => minute).join();
  for (const rule of [
    "FREQ=SECONDLY",
    "FREQ=MINUTELY;COUNT=1000000",
    `FREQ=DAILY;BYHOUR=${hours};BYMINUTE=${sixty};BYSECOND=${sixty}`,
  ])
    expect(of(rule), rule).toEqual({
      busy: [`2026-11-02T09:00Z/${until}`],
      faults: ["too_many_occurrences"],
    });
  expect(of("FREQ=SECONDLY;UNTIL=20261103T000000Z").busy).toEqual(["2026-11-02T09:00Z/2026-11-03T00:01Z"]);
  expect(of("FREQ=SECONDLY;UNTIL=20201103T000000Z").faults).toEqual([]);
  // A note at each second takes no time.
  expect(beside("DTSTART:20261102T090000Z", "RRULE:FREQ=SECONDLY")).toEqual({ busy: [], faults: [] });
});

it("series since 1970 are not walked from their start; a COUNT too long to walk counts as endless", () => {
  const since = (rule: string) => ["DTSTART:19700105T090000Z", "DURATION:PT1H", `RRULE:${rule}`];
  const startedAt = process.cpuUsage();
  const rules = [
    "FREQ=WEEKLY;BYDAY=MO",
    "FREQ=DAILY",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=HOURLY;INTERVAL=12",
    "FREQ=YEARLY",
  ];
  const many = Array.from({ length: 40 }, (_, at) => [`UID:${at}`, ...since(rules[at % rules.length]!)]);
  expect(readBusy(calendarText(...many)).busy.length).toBeGreaterThan(8 * (30 + 212 + 7 + 424 + 1) - 8);
  // Walking 57 years of days takes seconds for as many.
  const { user, system } = process.cpuUsage(startedAt);
  expect((user + system) / 1000).toBeLessThan(1500);
  expect(beside(...since("FREQ=DAILY;COUNT=20000")).busy).toEqual([]);
  expect(beside(...since("FREQ=DAILY;BYDAY=MO,TU;COUNT=1000000")).busy).toHaveLength(61);
});

it("fifty thousand events are read, and what is over costs little", () => {
  const events = Array.from({ length: calendarLimits.events }, (_, at) => [
    "BEGIN:VEVENT",
    `UID:${at}`,
    `DTSTART;TZID=Europe/Berlin:20${10 + (at % 20)}1101T090000`,
    "DURATION:PT1H",
    "END:VEVENT",
  ]);
  const { busy, faults } = readBusy(["BEGIN:VCALENDAR", ...events.flat(), "END:VCALENDAR"].join("\n"));
  expect([busy.length, faults.length]).toEqual([calendarLimits.events / 20, 0]);
});

it("many series that are too long to expand end the search for all", () => {
  const dense = (at: number) => [
    `UID:${at}`,
    "DTSTART:20261102T090000Z",
    "DURATION:PT1H",
    "RRULE:FREQ=MINUTELY",
  ];
  const plain = ["UID:plain", "DTSTART:20261102T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"];
  const all = Array.from({ length: calendarLimits.failures }, (_, at) => dense(at));
  const last = (...events: string[][]) =>
    readBusy(calendarText(...events)).busy.filter(({ uid }) => uid === "plain");
  expect(last(...all.slice(1), plain).length).toBeGreaterThan(10);
  expect(timesOf(last(...all, plain))).toEqual(["2026-11-02T09:00Z/2027-04-01T00:00Z"]);
});
