import { useQuery } from "@tanstack/react-query";
import { CalendarX } from "lucide-react";
import { connectionNotice } from "#words/calendarConnections.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { timeAgo } from "@/lib/sessionTime.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { noticesOf, offeringOf } from "./connectionState.ts";
import { connectionsQuery } from "./queries.ts";

/** In a mentor's workspace, while a calendar that counts cannot be relied on or its login is about to end. */
export default function ConnectionNotice({ userId }: { userId: string }) {
  const now = useNow();
  const timeZone = useViewerTimeZone();
  const { data } = useQuery(connectionsQuery(userId));
  const [first, ...others] = noticesOf(data?.data ?? [], now);
  if (!first) return null;
  const { connection, isBroken } = first;
  const { name, problem, synced_at, login_ends_at } = connection;
  return (
    <aside
      aria-label={connectionNotice.label}
      className="mb-6 flex gap-3 rounded-control border border-accent bg-accent-soft px-4 py-2"
    >
      <CalendarX aria-hidden className="mt-3 size-5 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4">
        <p role="status" className="min-w-0 flex-1 basis-56 py-2.5 wrap-anywhere">
          {isBroken ? (
            <>
              <strong>
                {problem === null && synced_at
                  ? connectionNotice.old(name, timeAgo(synced_at, now))
                  : connectionNotice.broken(name)}
              </strong>{" "}
              {connectionNotice[offeringOf(connection, now, data?.stale_minutes ?? 0)]}
            </>
          ) : (
            connectionNotice.loginEnds(name, formatDayAndTime(login_ends_at ?? now, timeZone))
          )}
          {others.length > 0 && ` ${connectionNotice.more(others.length)}`}
        </p>
        <Link
          to={paths.account("calendars")}
          className="tap inline-flex items-center font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
        >
          {connectionNotice[isBroken ? "fix" : "renew"]}
        </Link>
      </div>
    </aside>
  );
}
