import { useQuery } from "@tanstack/react-query";
import type { Mentor } from "#contract/mentors.ts";
import type { Programme } from "#contract/programmes.ts";
import { moneyOf } from "#rules/money.ts";
import { groupFacts } from "#words/groupSessions.ts";
import { nextProgrammes, programmeFacts } from "#words/programmes.ts";
import { OfferLink } from "@/features/groupSessions/OfferLink.tsx";
import { useNow } from "@/lib/clock/useNow.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { formatMoney } from "@/lib/money.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { sessionsOf, whyClosed } from "./programmeState.ts";
import { offeredProgrammesQuery } from "./queries.ts";

const SHOWN = 5;

/** On a mentor's public page: the programmes that can be booked, the next ones first, each a link to its own page. */
export function NextProgrammes({ mentor }: { mentor: Mentor }) {
  const hasGroups = mentor.services.some(({ enabled, capacity }) => enabled && capacity > 1);
  const { data = [] } = useQuery({ ...offeredProgrammesQuery(mentor.id), enabled: hasGroups });
  const now = useNow();
  const programmes = data
    .filter((programme) => whyClosed(programme, now) === null)
    .sort((a, b) => startOf(a) - startOf(b))
    .slice(0, SHOWN);
  if (programmes.length === 0 || !mentor.accepting_bookings) return null;
  return (
    <section aria-labelledby="next-programmes" className="pt-2">
      <h2 id="next-programmes" className="mb-3 text-heading">
        {nextProgrammes.title}
      </h2>
      <ul className="space-y-2">
        {programmes.map((programme) => (
          <li key={programme.id}>
            <Offer programme={programme} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Offer({ programme }: { programme: Programme }) {
  const { id, title, mentor, price, currency, seats_left, book_until } = programme;
  const timeZone = useViewerTimeZone();
  return (
    <OfferLink to={groupPaths.programme(mentor.username, id)} title={title}>
      {book_until && (
        <span className="block">
          {nextProgrammes.from(
            sessionsOf(programme).length,
            groupFacts.yourTime(formatDayAndTime(book_until, timeZone)),
          )}
        </span>
      )}
      <span className="flex flex-wrap justify-between gap-x-4">
        <span>{formatMoney(moneyOf(price, currency))}</span>
        <span>{programmeFacts.seats(seats_left)}</span>
      </span>
    </OfferLink>
  );
}

/** It can be booked until its first session begins. */
function startOf({ book_until }: Programme): number {
  return Date.parse(book_until ?? "");
}
