import ICAL from "ical.js";

/** An event as a calendar program reads it that knows nothing but the file. */
export interface ReadEvent {
  uid: string;
  sequence: number;
  status: string;
  /** Epoch ms. */
  start: number;
  end: number;
  /** undefined: the event is in UTC. */
  timezone: string | undefined;
  /** Any property's text; undefined if it is missing. */
  text(name: string): string | undefined;
  component: ICAL.Component;
}

/** Reads a calendar file with an independent parser. @throws for a file that it cannot read, or a zone without rules */
export function readCalendarFile(file: string): { calendar: ICAL.Component; events: ReadEvent[] } {
  const calendar = new ICAL.Component(ICAL.parse(file));
  const zones = new Map(
    calendar.getAllSubcomponents("vtimezone").map((component) => {
      const zone = new ICAL.Timezone(component);
      return [zone.tzid, zone] as const;
    }),
  );
  const events = calendar.getAllSubcomponents("vevent").map((component): ReadEvent => {
    const text = (name: string) => component.getFirstPropertyValue(name)?.toString();
    const timezone = component.getFirstProperty("dtstart")?.getFirstParameter("tzid") || undefined;
    const instant = (name: string) => {
      const property = component.getFirstProperty(name);
      const time = property?.getFirstValue() as ICAL.Time;
      const { year, month, day, hour, minute, second } = time;
      const wall = Date.UTC(year, month - 1, day, hour, minute, second);
      const tzid = property?.getFirstParameter("tzid");
      if (!tzid) {
        if (time.zone !== ICAL.Timezone.utcTimezone) throw new Error(`${name} has no zone`);
        return wall;
      }
      const zone = zones.get(tzid);
      if (!zone) throw new Error(`No VTIMEZONE of ${tzid}`);
      return wall - zone.utcOffset(time) * 1000;
    };
    return {
      uid: text("uid") ?? "",
      sequence: Number(text("sequence")),
      status: text("status") ?? "",
      start: instant("dtstart"),
      end: instant("dtend"),
      ...{ timezone, text, component },
    };
  });
  return { calendar, events };
}
