import { DAY_MS, epochMs, parseInstant } from "#scheduling/units.ts";
import { busyTimes } from "../../server/calendarConnections/busyTimes/busyTimes.ts";
import { describeMachine, type Section } from "../report.ts";
import { table } from "../table.ts";

const events = 500;
const samples = 25;
const budgetMs = 100;
const from = parseInstant("2026-11-01T00:00Z");

/** In turns, so that half of the events recur since 2015. */
const rules = [
  "FREQ=WEEKLY;BYDAY=MO",
  "FREQ=WEEKLY;BYDAY=TU,TH",
  "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
  "FREQ=DAILY",
  "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
  "FREQ=MONTHLY;BYDAY=2TU",
  "FREQ=MONTHLY;BYMONTHDAY=-1",
  "FREQ=YEARLY",
  "FREQ=WEEKLY;BYDAY=FR;UNTIL=20191231T000000Z",
  "FREQ=WEEKLY;BYDAY=MO;COUNT=1000",
];
const zones = ["Europe/Berlin", "Asia/Kolkata", "America/New_York"];

export async function measureCalendars(): Promise<Section> {
  const text = sampleCalendar();
  const rows = [60, 400].map((days) => {
    const { best, median, found } = measure(text, days);
    const verdict = best < budgetMs ? "yes" : "NO";
    return [
      `${days} days`,
      found.toLocaleString("en"),
      `${best.toFixed(1)} ms`,
      `${median.toFixed(1)} ms`,
      verdict,
    ];
  });
  const head = ["range", "busy times", "fastest", "median", `within ${budgetMs} ms`];
  return {
    title: "Busy times of calendars",
    text: `${describeMachine()}\n\n${table(head, rows)}\n${legend}`,
  };
}

const legend = `
Processor time from the text of a calendar (${events} events, half of them recurring since 2015 in three zones, with invitees, descriptions
and alarms) to its busy times, ${samples} samples each after three for warming up.`;

/** ms of processor time. */
function measure(text: string, days: number) {
  const times: number[] = [];
  let found = 0;
  for (let sample = -3; sample < samples; sample++) {
    const before = process.cpuUsage();
    const reading = busyTimes(text, {
      from,
      until: epochMs(from + days * DAY_MS),
      calendarZone: "Europe/Berlin",
      personZone: "Europe/Berlin",
    });
    const { user, system } = process.cpuUsage(before);
    if (typeof reading === "string" || reading.faults.length > 0)
      throw new Error("The calendar was not read.");
    found = reading.busy.length;
    if (sample >= 0) times.push((user + system) / 1000);
  }
  times.sort((one, other) => one - other);
  return { best: times[0]!, median: times[samples >> 1]!, found };
}

function sampleCalendar(): string {
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0"];
  for (let number = 0; number < events; number++) {
    const zone = zones[number % zones.length]!;
    const recurs = number % 2 === 0;
    const month = String(1 + (number % 12)).padStart(2, "0");
    const day = `${recurs ? 2015 : 2026 + (number % 3 === 0 ? 1 : 0)}${month}${String(1 + (number % 28)).padStart(2, "0")}`;
    lines.push(
      "BEGIN:VEVENT",
      `UID:${number}@bench`,
      "DTSTAMP:20261101T000000Z",
      `DTSTART;TZID=${zone}:${day}T090000`,
      `DTEND;TZID=${zone}:${day}T100000`,
      `SUMMARY:Event ${number}`,
      `DESCRIPTION:${"What will be talked about\\, in some detail. ".repeat(8)}`,
      "ATTENDEE;CN=Asha;PARTSTAT=ACCEPTED:mailto:asha@example.org",
      ...(recurs ? [`RRULE:${rules[(number / 2) % rules.length]}`] : []),
      "BEGIN:VALARM",
      "TRIGGER:-PT10M",
      "ACTION:DISPLAY",
      "END:VALARM",
      "END:VEVENT",
    );
  }
  return [...lines, "END:VCALENDAR"].join("\r\n");
}
