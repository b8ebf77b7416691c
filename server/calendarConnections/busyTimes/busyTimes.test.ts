import { expect, it } from "vitest";
import { adoptZoneTable, readZone } from "#scheduling/zoneTable.ts";
import { calendarText, minuteText, readBusy, timesOf } from "./testing/calendarText.ts";
import { recurrenceCases } from "./testing/recurrenceCases.ts";

/** The busy times of one calendar whose events are given by their lines. */
const busy = (...events: string[][]) => timesOf(readBusy(calendarText(...events)).busy);
const weekly = (...more: string[]) => [
  "UID:a",
  "DTSTART;TZID=Europe/London:20261019T100000",
  "DTEND;TZID=Europe/London:20261019T110000",
  "RRULE:FREQ=WEEKLY;COUNT=4",
  ...more,
];
const replacing = (day: string, ...more: string[]) => [
  "UID:a",
  `RECURRENCE-ID;TZID=Europe/London:${day}T100000`,
  ...more,
];

it.each(recurrenceCases)("$name: $about", ({ events, starts, mayStart = [] }) => {
  const found = readBusy(calendarText(...events));
  expect(found.busy.map(({ startsAt }) => minuteText(startsAt)).sort()).toEqual(
    [...starts, ...mayStart].sort(),
  );
  expect(found.faults).toEqual([]);
});

it("an event is busy until its end, for its duration, for a day, or not at all", () => {
  expect(busy(["DTSTART:20261101T090000Z", "DTEND:20261101T103000Z"])).toEqual(["2026-11-01T09:00Z/10:30Z"]);
  expect(busy(["DTSTART:20261101T090000Z", "DURATION:P1DT1H"])).toEqual([
    "2026-11-01T09:00Z/2026-11-02T10:00Z",
  ]);
  expect(busy(["DTSTART:20261101T090000Z"])).toEqual([]);
  expect(busy(["DTSTART:20261101T090000Z", "DTEND:20261101T090000Z"])).toEqual([]);
  expect(busy(["DTSTART;VALUE=DATE:20261103"])).toEqual(["2026-11-02T23:00Z/2026-11-03T23:00Z"]);
  expect(busy(["DTSTART;VALUE=DATE:20261103", "DTEND;VALUE=DATE:20261103"])).toEqual([
    "2026-11-02T23:00Z/2026-11-03T23:00Z",
  ]);
  expect(busy(["DTSTART;VALUE=DATE:20261103", "DURATION:P2D"])).toEqual([
    "2026-11-02T23:00Z/2026-11-04T23:00Z",
  ]);
  // The flight leaves at noon in Tokyo and lands at 05:00 in New York, 7 hours "before" on its own clock.
  expect(
    busy(["DTSTART;TZID=Asia/Tokyo:20261103T120000", "DTEND;TZID=America/New_York:20261103T050000"]),
  ).toEqual(["2026-11-03T03:00Z/10:00Z"]);
});

it("whole days are days of the calendar's zone: its own, the file's, or the person's", () => {
  const text = calendarText(["DTSTART;VALUE=DATE:20261025", "DTEND;VALUE=DATE:20261026"]);
  const named = text.replace("VERSION:2.0", "X-WR-TIMEZONE:America/New_York");
  // 25 hours: the clocks go back.
  expect(timesOf(readBusy(text).busy)).toEqual(["2026-10-24T22:00Z/2026-10-25T23:00Z"]);
  expect(readBusy(text).busy[0]?.isAllDay).toBe(true);
  expect(timesOf(readBusy(named, { calendarZone: null }).busy)).toEqual([
    "2026-10-25T04:00Z/2026-10-26T04:00Z",
  ]);
  expect(timesOf(readBusy(text, { calendarZone: null }).busy)).toEqual([
    "2026-10-24T15:00Z/2026-10-25T15:00Z",
  ]);
});

it("a floating time is on the person's clock, and in a series on that of its start", () => {
  expect(busy(["DTSTART:20261101T090000", "DTEND:20261101T100000"])).toEqual(["2026-11-01T00:00Z/01:00Z"]);
  expect(busy(weekly("EXDATE:20261026T100000"))).toHaveLength(3);
});

it("what is transparent, cancelled, shown as free or declined is free; tentative is busy", () => {
  const event = ["DTSTART:20261101T090000Z", "DURATION:PT1H"];
  for (const line of [
    "TRANSP:TRANSPARENT",
    "STATUS:CANCELLED",
    "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
  ])
    expect(busy([...event, line]), line).toEqual([]);
  for (const line of [
    "TRANSP:OPAQUE",
    "STATUS:TENTATIVE",
    "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
    "X-OTHER:FREE",
  ])
    expect(busy([...event, line]), line).toHaveLength(1);
  const invited = calendarText([...event, 'ATTENDEE;CN="A; B";PARTSTAT=DECLINED:mailto:Asha@example.org']);
  const of = (...ownAddresses: string[]) => readBusy(invited, { ownAddresses }).busy;
  expect(of("asha@example.org")).toEqual([]);
  expect(of("ravi@example.org")).toHaveLength(1);
  expect(of()).toHaveLength(1);
});

it("RDATE adds dates, times and periods, once each", () => {
  const added = [
    "RDATE;TZID=Europe/London:20261026T100000,20261027T100000",
    "RDATE;VALUE=PERIOD:20261028T100000Z/PT2H,20261029T100000Z/20261029T103000Z",
  ];
  expect(busy(weekly(...added))).toEqual([
    "2026-10-19T09:00Z/10:00Z",
    "2026-10-26T10:00Z/11:00Z",
    "2026-10-27T10:00Z/11:00Z",
    "2026-10-28T10:00Z/12:00Z",
    "2026-10-29T10:00Z/10:30Z",
    "2026-11-02T10:00Z/11:00Z",
    "2026-11-09T10:00Z/11:00Z",
  ]);
  expect(busy(["DTSTART;VALUE=DATE:20261103", "RDATE;VALUE=DATE:20261105"])).toHaveLength(2);
});

it("EXDATE leaves out by instant, or by date", () => {
  expect(busy(weekly("EXDATE;VALUE=DATE:20261026,20261102"))).toEqual([
    "2026-10-19T09:00Z/10:00Z",
    "2026-11-09T10:00Z/11:00Z",
  ]);
  expect(busy(weekly("EXDATE;TZID=Europe/London:20261026T090000"))).toHaveLength(4);
  const days = ["DTSTART;VALUE=DATE:20261103", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261104T000000"];
  expect(busy(days)).toEqual(["2026-11-02T23:00Z/2026-11-03T23:00Z", "2026-11-04T23:00Z/2026-11-05T23:00Z"]);
});

it("an occurrence is moved into the range and out of it, cancelled, made free, and keeps its length", () => {
  const moved = replacing("20261026", "DTSTART:20260801T100000Z", "DTEND:20260801T110000Z");
  expect(busy(weekly(), moved)).toHaveLength(3);
  const old = ["UID:a", "DTSTART:20250106T100000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;COUNT=4"];
  const into = ["UID:a", "RECURRENCE-ID:20250113T100000Z", "DTSTART:20261101T120000Z", "DURATION:PT30M"];
  expect(busy(old, into)).toEqual(["2026-11-01T12:00Z/12:30Z"]);
  expect(busy(weekly(), replacing("20261026", "STATUS:CANCELLED"))).toHaveLength(3);
  expect(busy(weekly(), replacing("20261026", "TRANSP:TRANSPARENT"))).toHaveLength(3);
  expect(busy(weekly(), replacing("20261026", "DTSTART;TZID=Europe/London:20261027T150000"))).toContain(
    "2026-10-27T15:00Z/16:00Z",
  );
  // Of a series that is free otherwise.
  const busyOnce = replacing("20261026", "DTSTART:20261026T100000Z", "DURATION:PT1H");
  expect(busy(weekly("TRANSP:TRANSPARENT"), busyOnce)).toEqual(["2026-10-26T10:00Z/11:00Z"]);
});

it("an occurrence without its series is busy, and the highest SEQUENCE counts", () => {
  expect(busy(replacing("20261026", "DTSTART:20261026T120000Z", "DURATION:PT1H"))).toEqual([
    "2026-10-26T12:00Z/13:00Z",
  ]);
  const at = (hour: number, sequence: number) =>
    replacing("20261026", `DTSTART:20261026T${hour}0000Z`, "DURATION:PT1H", `SEQUENCE:${sequence}`);
  expect(busy(at(12, 2), at(14, 10))).toEqual(["2026-10-26T14:00Z/15:00Z"]);
  expect(busy(at(12, 2), at(14, 2))).toHaveLength(2);
  expect(
    busy(
      weekly("SEQUENCE:1"),
      weekly("SEQUENCE:2").filter((line) => !line.startsWith("RRULE")),
    ),
  ).toHaveLength(1);
});

it("this and all that follow move, change their length, end, and are moved again", () => {
  const range = (day: string, ...more: string[]) =>
    replacing(day, ...more).map((line) =>
      line.replace("RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;"),
    );
  const london = (name: string, at: string) => `${name};TZID=Europe/London:${at}`;
  const later = range("20261026", london("DTSTART", "20261027T120000"), london("DTEND", "20261027T123000"));
  const again = range("20261109", london("DTSTART", "20261109T080000"), london("DTEND", "20261109T090000"));
  expect(busy(weekly(), later, again)).toEqual([
    "2026-10-19T09:00Z/10:00Z",
    "2026-10-27T12:00Z/12:30Z",
    "2026-11-03T12:00Z/12:30Z",
    "2026-11-09T08:00Z/09:00Z",
  ]);
  expect(busy(weekly(), range("20261026", "STATUS:CANCELLED"))).toHaveLength(1);
  // A single one among them, and one whose RECURRENCE-ID is in UTC.
  const single = replacing("20261102", london("DTSTART", "20261102T180000"), "DURATION:PT1H");
  expect(busy(weekly(), later, single)).toContain("2026-11-02T18:00Z/19:00Z");
  const utc = later.map((line) => line.replace(/;TZID=Europe\/London:20261026T100000/, ":20261026T100000Z"));
  expect(busy(weekly(), utc, again)).toEqual(busy(weekly(), later, again));
  // Into the range from after it.
  const forever = ["UID:a", "DTSTART:20270405T100000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"];
  const earlier = [
    "UID:a",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20270405T100000Z",
    "DTSTART:20270315T100000Z",
    "DURATION:PT1H",
  ];
  expect(busy(forever, earlier)).toEqual([
    "2027-03-15T10:00Z/11:00Z",
    "2027-03-22T10:00Z/11:00Z",
    "2027-03-29T10:00Z/11:00Z",
  ]);
});

it("UNTIL as a date includes its day, and UNTIL of whole days in UTC the day in the calendar's zone", () => {
  const daily = (until: string) => [
    "DTSTART:20261101T200000Z",
    "DURATION:PT1H",
    `RRULE:FREQ=DAILY;UNTIL=${until}`,
  ];
  expect(busy(daily("20261103"))).toHaveLength(3);
  expect(busy(daily("20261103T195959Z"))).toHaveLength(2);
  expect(busy(["DTSTART;VALUE=DATE:20261101", "RRULE:FREQ=DAILY;UNTIL=20261102T230000Z"])).toHaveLength(3);
});

it("on nights when the clocks change, hours count twice, and a night ends at its time", () => {
  const hourly = [
    "DTSTART;TZID=Europe/Berlin:20261025T003000",
    "DURATION:PT30M",
    "RRULE:FREQ=HOURLY;COUNT=5",
  ];
  // 02:30 passes twice.
  expect(busy(hourly)).toHaveLength(6);
  const night = (start: string, end: string) => [
    `DTSTART;TZID=Europe/Berlin:${start}`,
    `DTEND;TZID=Europe/Berlin:${end}`,
    "RRULE:FREQ=DAILY;COUNT=2",
  ];
  // Nine hours on the clock are ten: RFC 5545 ends them at 06:00, most programs at 07:00.
  expect(busy(night("20261023T220000", "20261024T070000"))[1]).toBe("2026-10-24T20:00Z/2026-10-25T06:00Z");
  // A start that is skipped does not shorten what it begins.
  expect(busy(night("20270328T023000", "20270328T033000"))[0]).toBe("2027-03-28T01:30Z/02:30Z");
});

it("names of zones are IANA's, those of Windows, or explained by the file", () => {
  const at = (zone: string, ...more: string[]) => {
    const event = [`DTSTART;TZID="${zone}":20261101T090000`, "DURATION:PT1H"];
    const { busy: found, faults } = readBusy(
      calendarText(event).replace("VERSION:2.0", ["VERSION:2.0", ...more].join("\r\n")),
    );
    return [timesOf(found)[0], ...faults.map(({ reason }) => reason)];
  };
  expect(at("Europe/Lisbon")).toEqual(["2026-11-01T09:00Z/10:00Z"]);
  expect(at("Pacific Standard Time")).toEqual(["2026-11-01T17:00Z/18:00Z"]);
  expect(at("/freeassociation.sourceforge.net/Asia/Kolkata")).toEqual(["2026-11-01T03:30Z/04:30Z"]);
  expect(at("tzone://Microsoft/Utc")).toEqual(["2026-11-01T09:00Z/10:00Z"]);
  expect(at("GMT+0530")).toEqual(["2026-11-01T03:30Z/04:30Z"]);
  expect(at("Nowhere")).toEqual(["2026-11-01T08:00Z/09:00Z", "unknown_zone"]);
  // Exchange: half an hour east, and the last Sunday of October is still summer.
  const custom = [
    "BEGIN:VTIMEZONE",
    "TZID:Customized Time Zone",
    "BEGIN:STANDARD",
    "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0130",
    "TZOFFSETTO:+0030",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=11",
    "END:STANDARD",
    "BEGIN:DAYLIGHT",
    "DTSTART:16010101T020000",
    "TZOFFSETFROM:+0030",
    "TZOFFSETTO:+0130",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3",
    "END:DAYLIGHT",
    "END:VTIMEZONE",
  ];
  expect(at("Customized Time Zone", ...custom)).toEqual(["2026-11-01T07:30Z/08:30Z"]);
  const located = ["BEGIN:VTIMEZONE", "TZID:Mine", "X-LIC-LOCATION:Asia/Kolkata", "END:VTIMEZONE"];
  expect(at("Mine", ...located)).toEqual(["2026-11-01T03:30Z/04:30Z"]);
  expect(at("Mine", "BEGIN:VTIMEZONE", "TZID:Mine", "END:VTIMEZONE")).toEqual([
    "2026-11-01T08:00Z/09:00Z",
    "unknown_zone",
  ]);
});

it("the rules of zones are this installation's, whatever the file says of them", () => {
  const wrong = [
    "BEGIN:VTIMEZONE",
    "TZID:Africa/Lagos",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0900",
    "TZOFFSETTO:+0900",
    "END:STANDARD",
    "END:VTIMEZONE",
  ];
  const text = calendarText(["DTSTART;TZID=Africa/Lagos:20261101T090000", "DURATION:PT1H"]);
  const described = text.replace("VERSION:2.0", wrong.join("\r\n"));
  expect(timesOf(readBusy(described).busy)).toEqual(["2026-11-01T08:00Z/09:00Z"]);
  adoptZoneTable("Africa/Lagos", readZone("Asia/Dhaka", Date.UTC(2000, 0, 1), Date.UTC(2100, 0, 1)));
  try {
    expect(timesOf(readBusy(described).busy)).toEqual(["2026-11-01T03:00Z/04:00Z"]);
  } finally {
    adoptZoneTable("Africa/Lagos", null);
  }
});

it("titles are on one line and not too long", () => {
  const event = ["DTSTART:20261101T090000Z", "DURATION:PT1H"];
  const titleOf = (line: string) => readBusy(calendarText([...event, line])).busy[0]?.title;
  expect(titleOf("SUMMARY:Dentist\\, at\\nnoon")).toBe("Dentist, at noon");
  expect(titleOf(`SUMMARY:${"e\u0301".repeat(300)}`)).toBe("é".repeat(200));
  expect(titleOf("SUMMARY:\u0007 ")).toBeNull();
});
