import { offsetLabel } from "@/lib/time.ts";

/** Whose clock everything on a page of the workspace follows. */
export function TimeZoneNote({ timeZone }: { timeZone: string }) {
  return (
    <>
      All times in <strong className="font-semibold text-ink">{timeZone.replaceAll("_", " ")}</strong> (
      {offsetLabel(timeZone)}), your zone as a mentor.
    </>
  );
}
