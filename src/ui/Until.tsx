import { dayAndTime, timeInZone } from "#words/times.ts";
import { formatShortDay, formatTime, zoneLabel } from "@/lib/time.ts";

/** A deadline with its time zone: 'Sat, 28 Nov, 3:15 pm (Kolkata, GMT+5:30)'. */
export function Until({ instant, timeZone }: { instant: string | Date; timeZone: string }) {
  const iso = typeof instant === "string" ? instant : instant.toISOString();
  return (
    <time dateTime={iso} className="tabular-nums">
      {timeInZone(
        dayAndTime(formatShortDay(iso, timeZone), formatTime(iso, timeZone)),
        zoneLabel(timeZone, iso),
      )}
    </time>
  );
}
