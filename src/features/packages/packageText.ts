import type { SessionPackage } from "#contract/offers.ts";
import { sessionLength } from "#words/durations.ts";
import { packageName } from "#words/packages.ts";
import { formatInstant, type Instant } from "@/lib/time.ts";

/** "5 sessions of CV review, 60 min". */
export function nameOfPackage({
  sessions,
  service_title,
  minutes,
}: Pick<SessionPackage, "sessions" | "service_title" | "minutes">): string {
  return packageName({ number: sessions, service: service_title, length: sessionLength(minutes) });
}

/** With its year: a package may be for two. */
export function formatExpiry(instant: Instant, timeZone: string): string {
  return formatInstant(instant, timeZone, { day: "numeric", month: "short", year: "numeric" });
}
