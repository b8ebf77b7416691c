/**
 * Cases that no library for calendars gets right throughout, with starts that were worked out by hand from RFC 5545.
 * Looked at from 2026-09-01 to 2027-04-01 UTC.
 */
export interface RecurrenceCase {
  name: string;
  about: string;
  /** The lines of each event. */
  events: readonly (readonly string[])[];
  /** ISO 8601, UTC. */
  starts: readonly string[];
  /** Not wrong either. */
  mayStart?: readonly string[];
}

export const recurrenceCases: readonly RecurrenceCase[] = [
  {
    name: "dstWeekly",
    about: "weekly over the end of summer time",
    events: [
      [
        "UID:1",
        "DTSTART;TZID=America/New_York:20261018T090000",
        "DTEND;TZID=America/New_York:20261018T100000",
        "RRULE:FREQ=WEEKLY;COUNT=4",
      ],
    ],
    starts: ["2026-10-18T13:00Z", "2026-10-25T13:00Z", "2026-11-01T14:00Z", "2026-11-08T14:00Z"],
  },
  {
    name: "exdateTz",
    about: "EXDATE with TZID",
    events: [
      [
        "UID:2",
        "DTSTART;TZID=America/New_York:20261018T090000",
        "DTEND;TZID=America/New_York:20261018T100000",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=America/New_York:20261101T090000",
      ],
    ],
    starts: ["2026-10-18T13:00Z", "2026-10-25T13:00Z", "2026-11-08T14:00Z"],
  },
  {
    name: "exdateUtc",
    about: "EXDATE in UTC names a local start",
    events: [
      [
        "UID:3",
        "DTSTART;TZID=America/New_York:20261018T090000",
        "DTEND;TZID=America/New_York:20261018T100000",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE:20261101T140000Z",
      ],
    ],
    starts: ["2026-10-18T13:00Z", "2026-10-25T13:00Z", "2026-11-08T14:00Z"],
  },
  {
    name: "override",
    about: "RECURRENCE-ID moves one",
    events: [
      [
        "UID:4",
        "DTSTART;TZID=Europe/London:20261019T100000",
        "DTEND;TZID=Europe/London:20261019T110000",
        "RRULE:FREQ=DAILY;COUNT=3",
      ],
      [
        "UID:4",
        "RECURRENCE-ID;TZID=Europe/London:20261020T100000",
        "DTSTART;TZID=Europe/London:20261020T150000",
        "DTEND;TZID=Europe/London:20261020T160000",
      ],
    ],
    starts: ["2026-10-19T09:00Z", "2026-10-20T14:00Z", "2026-10-21T09:00Z"],
  },
  {
    name: "untilUtc",
    about: "UNTIL in UTC, inclusive",
    events: [
      [
        "UID:5",
        "DTSTART;TZID=Asia/Kolkata:20261018T230000",
        "DTEND;TZID=Asia/Kolkata:20261019T000000",
        "RRULE:FREQ=DAILY;UNTIL=20261020T173000Z",
      ],
    ],
    starts: ["2026-10-18T17:30Z", "2026-10-19T17:30Z", "2026-10-20T17:30Z"],
  },
  {
    name: "bysetpos",
    about: "last weekday of the month",
    events: [
      [
        "UID:6",
        "DTSTART;TZID=Europe/London:20261001T090000",
        "DTEND;TZID=Europe/London:20261001T100000",
        "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=2",
      ],
    ],
    starts: ["2026-10-30T09:00Z", "2026-11-30T09:00Z"],
    // The start is none of them, which RFC 5545 leaves undefined: in doubt it is busy.
    mayStart: ["2026-10-01T08:00Z"],
  },
  {
    name: "windowsTz",
    about: "a Windows zone name",
    events: [
      [
        "UID:7",
        "DTSTART;TZID=Eastern Standard Time:20261101T090000",
        "DTEND;TZID=Eastern Standard Time:20261101T100000",
      ],
    ],
    starts: ["2026-11-01T14:00Z"],
  },
  {
    name: "gapTime",
    about: "a start in the skipped hour: RFC 5545 ignores it, and the shifted instant counts as busy",
    events: [
      [
        "UID:8",
        "DTSTART;TZID=America/New_York:20270313T023000",
        "DTEND;TZID=America/New_York:20270313T033000",
        "RRULE:FREQ=DAILY;COUNT=3",
      ],
    ],
    starts: ["2027-03-13T07:30Z", "2027-03-14T07:30Z", "2027-03-15T06:30Z"],
  },
  {
    name: "rdate",
    about: "only RDATE beside DTSTART",
    events: [
      [
        "UID:9",
        "DTSTART;TZID=Europe/London:20261019T100000",
        "DURATION:PT1H",
        "RDATE;TZID=Europe/London:20261026T100000",
      ],
    ],
    starts: ["2026-10-19T09:00Z", "2026-10-26T10:00Z"],
  },
  {
    name: "thisAndFuture",
    about: "RANGE=THISANDFUTURE",
    events: [
      [
        "UID:10",
        "DTSTART;TZID=Europe/London:20261019T100000",
        "DTEND;TZID=Europe/London:20261019T110000",
        "RRULE:FREQ=DAILY;COUNT=4",
      ],
      [
        "UID:10",
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/London:20261021T100000",
        "DTSTART;TZID=Europe/London:20261021T120000",
        "DTEND;TZID=Europe/London:20261021T130000",
      ],
    ],
    starts: ["2026-10-19T09:00Z", "2026-10-20T09:00Z", "2026-10-21T11:00Z", "2026-10-22T11:00Z"],
  },
  {
    name: "lordhowe",
    about: "half-hour clock change",
    events: [
      [
        "UID:11",
        "DTSTART;TZID=Australia/Lord_Howe:20261003T090000",
        "DTEND;TZID=Australia/Lord_Howe:20261003T100000",
        "RRULE:FREQ=DAILY;COUNT=2",
      ],
    ],
    starts: ["2026-10-02T22:30Z", "2026-10-03T22:00Z"],
  },
];
