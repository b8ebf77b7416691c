/** The lines of a calendar file (RFC 5545, 3.1) that busy times depend on, by component. */

export interface RawComponent {
  /** Unfolded. */
  lines: string[];
  /** STANDARD and DAYLIGHT of a VTIMEZONE. */
  parts: RawComponent[];
}

export interface RawCalendar {
  events: RawComponent[];
  zones: RawComponent[];
  /** X-WR-TIMEZONE, with which many feeds name their zone. */
  timezone: string | null;
}

/**
 * Lines that nothing here depends on are not parsed, so a fault in them costs no event. Of invitations only those that
 * are declined matter, and events may have hundreds.
 */
const wanted =
  /^(?:uid|dtstart|dtend|duration|rrule|rdate|exdate|recurrence-id|transp|status|summary|sequence|x-microsoft-cdo-busystatus|tzid|tzoffsetfrom|tzoffsetto|x-lic-location)[;:]|^attendee;.*declined/i;

const componentLine = /^(begin|end):\s*([\w-]+)\s*$/i;

/** Null if the text is no calendar; "too_many_events" before the rest of it is looked at. */
export function readContentLines(text: string, mostEvents: number): RawCalendar | "too_many_events" | null {
  const calendar: RawCalendar = { events: [], zones: [], timezone: null };
  // Innermost last. Null: a component of which nothing is wanted, such as an alarm.
  const open: (RawComponent | null)[] = [];
  let isCalendar = false;
  for (const line of unfold(text)) {
    const boundary = componentLine.exec(line);
    if (boundary === null) {
      const component = open.at(-1);
      if (component) {
        if (wanted.test(line)) component.lines.push(line);
      } else if (open.length === 0)
        calendar.timezone ??= /^x-wr-timezone[^:]*:(.+)$/i.exec(line)?.[1] ?? null;
      continue;
    }
    const name = boundary[2]!.toLowerCase();
    if (name === "vcalendar") {
      // Several calendars may follow one another, and the end of a component may be missing.
      isCalendar = true;
      open.length = 0;
    } else if (boundary[1]!.toLowerCase() === "end") open.pop();
    else {
      const isEvent = name === "vevent";
      if (isEvent && calendar.events.length >= mostEvents) return "too_many_events";
      if (isEvent || name === "vtimezone") open.length = 0;
      open.push(begin(calendar, open.at(-1), name));
    }
  }
  return isCalendar ? calendar : null;
}

function begin(calendar: RawCalendar, parent: RawComponent | null | undefined, name: string) {
  const component: RawComponent = { lines: [], parts: [] };
  if (name === "vevent") calendar.events.push(component);
  else if (name === "vtimezone") calendar.zones.push(component);
  else if (parent && (name === "standard" || name === "daylight")) parent.parts.push(component);
  else return null;
  return component;
}

function unfold(text: string): string[] {
  return text
    .replace(/^\uFEFF/, "")
    .replace(/(?:\r\n|\n|\r)[ \t]/g, "")
    .split(/[\r\n]+/);
}
