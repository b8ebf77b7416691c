import { useQuery } from "@tanstack/react-query";
import type { Mentor } from "#contract/mentors.ts";
import { groupFacts, nextGroups } from "#words/groupSessions.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { isJoinable } from "./groupState.ts";
import { OfferLink } from "./OfferLink.tsx";
import { nextGroupsQuery } from "./queries.ts";

const SHOWN = 5;

/** On a mentor's public page: the next group sessions that can be joined, each a link to its own page. */
export function NextGroups({ mentor }: { mentor: Mentor }) {
  const hasGroups = mentor.services.some(({ enabled, capacity }) => enabled && capacity > 1);
  const { data = [] } = useQuery({ ...nextGroupsQuery(mentor.id), enabled: hasGroups });
  const timeZone = useViewerTimeZone();
  const now = useNow();
  const sessions = data.filter((session) => isJoinable(session, now)).slice(0, SHOWN);
  if (sessions.length === 0 || !mentor.accepting_bookings) return null;
  return (
    <section aria-labelledby="next-groups" className="pt-2">
      <h2 id="next-groups" className="mb-3 text-heading">
        {nextGroups.title}
      </h2>
      <ul className="space-y-2">
        {sessions.map((session) => (
          <li key={session.id}>
            <OfferLink to={groupPaths.session(mentor.username, session.id)} title={session.service_title}>
              <span className="block">
                {groupFacts.yourTime(formatDayAndTime(session.starts_at, timeZone))}
              </span>
              <span className="block">{groupFacts.seatsLeft(session.seats_left)}</span>
            </OfferLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
