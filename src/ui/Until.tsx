import { formatShortDay, formatTime, zoneLabel } from "@/lib/time.ts";

/** 'Sat, 28 Nov, 3:15 pm (Kolkata, GMT+5:30)': a last moment on the reader's clock, and which clock that is. */
export function Until({ instant, timeZone }: { instant: string | Date; timeZone: string }) {
  const iso = typeof instant === "string" ? instant : instant.toISOString();
  return (
    <time dateTime={iso} className="tabular-nums">
      {formatShortDay(iso, timeZone)}, {formatTime(iso, timeZone)} ({zoneLabel(timeZone, iso)})
    </time>
  );
}
