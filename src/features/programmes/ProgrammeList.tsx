import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import type { Programme } from "#contract/programmes.ts";
import { moneyOf } from "#rules/money.ts";
import { programmeFacts, programmeRoster } from "#words/programmes.ts";
import { LookBadge, MinimumNote, SeatBar } from "@/features/groupSessions/GroupFacts.tsx";
import { useLiveGroup } from "@/features/groupSessions/useLiveGroup.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { formatAmount } from "@/lib/money.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { Card } from "@/ui/Card.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { programmeLook, sessionsOf } from "./programmeState.ts";
import { ownProgrammesQuery } from "./queries.ts";

/** The mentor's programmes, above the list of their sessions; nothing without one. */
export function ProgrammeList({ profile }: { profile: MentorProfile }) {
  const query = ownProgrammesQuery(profile.id);
  const { data = [] } = useQuery(query);
  const now = useNow();
  useLiveGroup(profile.id, query.queryKey);
  if (data.length === 0) return null;
  return (
    <section aria-labelledby="programmes" className="mb-12">
      <SectionHeading id="programmes" title={programmeRoster.title} count={data.length} />
      <ul className="mt-3 grid gap-3 lg:grid-cols-2">
        {data.map((programme) => (
          <li key={programme.id}>
            <ProgrammeCard programme={programme} timeZone={profile.timezone} now={now} />
          </li>
        ))}
      </ul>
    </section>
  );
}

type ProgrammeCardProps = { programme: Programme; timeZone: string; now: Date };

function ProgrammeCard({ programme, timeZone, now }: ProgrammeCardProps) {
  const titleId = useId();
  const { title, attendees, capacity, price, currency } = programme;
  const sessions = sessionsOf(programme);
  const [first, last] = [sessions[0], sessions.at(-1)];
  const seats = { ...programme, seats_taken: attendees };
  return (
    <Card className="relative h-full p-4 transition-shadow focus-within:shadow-lift hover:shadow-lift sm:p-5">
      <article aria-labelledby={titleId} className="space-y-2">
        <LookBadge look={programmeLook(programme, now)} />
        <h3 id={titleId} className="text-heading wrap-anywhere">
          <Link to={groupPaths.programmeRoster(programme.id)} className="after:absolute after:inset-0">
            {title}
          </Link>
        </h3>
        {first && last && (
          <p className="text-ink-soft tabular-nums">
            {programmeFacts.period(
              formatDayAndTime(first.starts_at, timeZone),
              formatDayAndTime(last.starts_at, timeZone),
            )}
          </p>
        )}
        <p className="flex flex-wrap justify-between gap-x-4 tabular-nums">
          <span>{programmeFacts.taken(attendees, capacity)}</span>
          <span className="text-ink-soft">{formatAmount(moneyOf(price, currency))}</span>
        </p>
        <SeatBar session={seats} />
        <MinimumNote session={seats} timeZone={timeZone} isYours={false} className="text-sm" />
      </article>
    </Card>
  );
}
