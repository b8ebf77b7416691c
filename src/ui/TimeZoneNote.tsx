import { timeZones } from "#words/times.ts";
import { offsetLabel } from "@/lib/time.ts";
import { withElements } from "./withElements.tsx";

/** Names the time zone of a page in the mentor's workspace. */
export function TimeZoneNote({ timeZone }: { timeZone: string }) {
  return withElements(timeZones.mentors, {
    zone: <strong className="font-semibold text-ink">{timeZone.replaceAll("_", " ")}</strong>,
    offset: offsetLabel(timeZone),
  });
}
