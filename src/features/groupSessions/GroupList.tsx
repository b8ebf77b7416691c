import { useQuery } from "@tanstack/react-query";
import { UsersRound } from "lucide-react";
import { useId } from "react";
import type { OwnGroupSession } from "#contract/groupSessions.ts";
import type { MentorProfile } from "#contract/mentors.ts";
import { moneyOf } from "#rules/money.ts";
import { groupFacts, groupList } from "#words/groupSessions.ts";
import { programmeFacts } from "#words/programmes.ts";
import { ownServicesQuery } from "@/features/services/queries.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { formatAmount } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatLongDay } from "@/lib/time.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { DateBadge } from "@/ui/DateBadge.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { GroupBadge, MinimumNote, SeatBar } from "./GroupFacts.tsx";
import { groupServicesOf } from "./groupForm.ts";
import { splitGroups } from "./groupState.ts";
import { ownGroupsQuery } from "./queries.ts";
import { ScheduleButton } from "./ScheduleButton.tsx";
import { useLiveGroup } from "./useLiveGroup.ts";

/** The mentor's sessions with several seats: what is coming, then what is over or cancelled. */
export function GroupList({ profile }: { profile: MentorProfile }) {
  const query = ownGroupsQuery(profile.id);
  const sessions = useQuery(query);
  const services = useQuery(ownServicesQuery(profile.id));
  const now = useNow();
  useLiveGroup(profile.id, query.queryKey);
  if (sessions.data === undefined) {
    if (sessions.error)
      return <ProblemState title={groupList.failed} error={sessions.error} onRetry={sessions.refetch} />;
    return (
      <div role="status" className="space-y-3">
        <span className="sr-only">{groupList.loading}</span>
        <Skeleton className="h-32 w-full rounded-card" />
        <Skeleton className="h-32 w-full rounded-card" />
      </div>
    );
  }
  if (sessions.data.length === 0) {
    const hasService = groupServicesOf(services.data ?? []).length > 0;
    return (
      <EmptyState Icon={UsersRound} title={groupList.none}>
        <p>{groupList.noneText}</p>
        {hasService ? (
          <ScheduleButton profile={profile} label={groupList.scheduleFirst} />
        ) : (
          services.data && (
            <>
              <p>{groupList.noService}</p>
              <Link to={paths.newService()} className={buttonVariants()}>
                {groupList.addService}
              </Link>
            </>
          )
        )}
      </EmptyState>
    );
  }
  const { upcoming, past } = splitGroups(sessions.data, now);
  return (
    <div className="space-y-12">
      <section aria-labelledby="upcoming">
        <SectionHeading id="upcoming" title={groupList.upcoming} count={upcoming.length} />
        {upcoming.length === 0 && <p className="mt-3 text-ink-soft">{groupList.noUpcoming}</p>}
        <Cards sessions={upcoming} timeZone={profile.timezone} now={now} />
      </section>
      {past.length > 0 && (
        <section aria-labelledby="past">
          <SectionHeading id="past" title={groupList.past} count={past.length} />
          <Cards sessions={past} timeZone={profile.timezone} now={now} isPast />
        </section>
      )}
    </div>
  );
}

type CardsProps = { sessions: readonly OwnGroupSession[]; timeZone: string; now: Date; isPast?: boolean };

function Cards({ sessions, timeZone, now, isPast = false }: CardsProps) {
  return (
    <ul className="mt-3 space-y-3">
      {sessions.map((session) => (
        <li key={session.id}>
          <GroupCard session={session} timeZone={timeZone} now={now} isPast={isPast} />
        </li>
      ))}
    </ul>
  );
}

type GroupCardProps = { session: OwnGroupSession; timeZone: string; now: Date; isPast: boolean };

function GroupCard({ session, timeZone, now, isPast }: GroupCardProps) {
  const titleId = useId();
  return (
    <Card className="relative p-4 transition-shadow focus-within:shadow-lift hover:shadow-lift sm:p-5">
      <article aria-labelledby={titleId} className="flex items-start gap-4">
        <DateBadge instant={session.starts_at} timeZone={timeZone} faded={isPast} />
        <div className="grid min-w-0 flex-1 gap-x-8 gap-y-3 sm:grid-cols-2">
          <div className="min-w-0 space-y-1.5">
            <GroupBadge session={session} now={now} />
            <h3 id={titleId} className="text-heading wrap-anywhere">
              <Link to={groupPaths.roster(session.id)} className="after:absolute after:inset-0">
                {session.service_title}
              </Link>
            </h3>
            <p className="text-ink-soft tabular-nums">
              <span className="sr-only">{formatLongDay(session.starts_at, timeZone)} </span>
              <span>{formatTimeRange(session.starts_at, session.ends_at, timeZone)}</span>
            </p>
            {session.programme && (
              <p className="text-sm text-ink-soft">
                {programmeFacts.place(
                  session.programme.place,
                  session.programme.sessions,
                  session.programme.title,
                )}
              </p>
            )}
            {!session.is_scheduled && <p className="text-sm text-ink-soft">{groupList.opened}</p>}
          </div>
          {session.state !== "cancelled" && (
            <div className="min-w-0 space-y-2 max-sm:-ml-18">
              <p className="flex flex-wrap justify-between gap-x-4 tabular-nums">
                <span>{groupFacts.seatsTaken(session.seats_taken, session.capacity)}</span>
                <span className="text-ink-soft">{revenueOf(session)}</span>
              </p>
              <SeatBar session={session} />
              {!isPast && (
                <MinimumNote session={session} timeZone={timeZone} isYours={false} className="text-sm" />
              )}
            </div>
          )}
        </div>
      </article>
    </Card>
  );
}

/** What is paid for the seats; empty while there is nothing to say. */
export function revenueOf({ revenue, price, currency }: OwnGroupSession): string {
  if (revenue > 0) return groupList.revenue(formatAmount(moneyOf(revenue, currency)));
  return price === 0 ? groupList.free : "";
}
