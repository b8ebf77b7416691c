import { useQuery } from "@tanstack/react-query";
import { CalendarDays } from "lucide-react";
import { useRef, useState } from "react";
import { Link } from "react-router";
import type { Booking } from "#contract/bookings.ts";
import { OwnAlerts } from "@/features/alerts/OwnAlerts.tsx";
import { CancelSessionDialog } from "@/features/bookings/CancelSessionDialog.tsx";
import { SessionSection } from "@/features/bookings/SessionSection.tsx";
import { SessionSkeletons } from "@/features/bookings/SessionSkeletons.tsx";
import { useOwnSessions } from "@/features/bookings/useOwnSessions.ts";
import { favouritesQuery } from "@/features/favourites/queries.ts";
import { FavouriteMentors } from "@/features/mentors/FavouriteMentors.tsx";
import { timeRequestsQuery } from "@/features/timeRequests/queries.ts";
import { isOpen } from "@/features/timeRequests/requestWords.ts";
import { TimeRequests } from "@/features/timeRequests/TimeRequests.tsx";
import { paths } from "@/lib/paths.ts";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageSections } from "@/ui/PageSections.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { ShowMore } from "@/ui/ShowMore.tsx";
import { NextSession } from "./NextSession.tsx";
import { SessionCard } from "./SessionCard.tsx";

const ids = {
  next: "next-session",
  toAnswer: "to-answer",
  requests: "requests",
  upcoming: "upcoming",
  favourites: "favourites",
  past: "past",
} as const;

type StudentDashboardProps = { userId: string; timeZone: string };

/**
 * A student's sessions in the order in which they matter: the next one, what waits for an answer, what else is ahead, whom
 * to come back to, what was.
 */
export function StudentDashboard({ userId, timeZone }: StudentDashboardProps) {
  const { list, groups, now } = useOwnSessions("student", userId);
  const favourites = useQuery(favouritesQuery(userId));
  const timeRequests = useQuery(timeRequestsQuery("student", userId));
  const openRequests = (timeRequests.data ?? []).filter((request) => isOpen(request, now));
  const asksStudent = openRequests.some(({ awaiting }) => awaiting === "student");
  const [cancelling, setCancelling] = useState<Booking | null>(null);
  const firstHeading = useRef<HTMLHeadingElement>(null);
  const waiting = (
    <>
      <TimeRequests as="student" userId={userId} timeZone={timeZone} />
      <OwnAlerts userId={userId} />
    </>
  );

  // Both, or the page would say that there is nothing and then show something.
  if (list.isPending || timeRequests.isPending) return <SessionSkeletons />;
  if (list.isError && !list.data) {
    return (
      <div className="space-y-12">
        <ProblemState title="We could not load your sessions" error={list.error} onRetry={list.refetch} />
        {waiting}
      </div>
    );
  }
  const { requests, toAnswer } = groups;
  const [next = null, ...upcoming] = groups.upcoming;
  // A held session that its mentor has not marked as completed is over for the student all the same.
  const past = [...groups.past, ...groups.toComplete].sort((one, other) =>
    other.starts_at.localeCompare(one.starts_at),
  );
  const isNew = groups.upcoming.length + requests.length + toAnswer.length + past.length === 0;

  const card = (isOver: boolean) => (booking: Booking) => (
    <SessionCard booking={booking} timeZone={timeZone} now={now} isOver={isOver} onCancel={setCancelling} />
  );
  return (
    <div className="space-y-12">
      <PageSections
        sections={[
          { id: ids.next, title: "Next", count: next !== null },
          { id: ids.toAnswer, title: "To reply", count: toAnswer.length },
          { id: ids.requests, title: "Requests", count: requests.length },
          { id: ids.upcoming, title: "Upcoming", count: upcoming.length },
          { id: ids.favourites, title: "Favourites", count: favourites.data?.length ?? 0 },
          { id: ids.past, title: "Past", count: past.length },
        ]}
      />
      {asksStudent && waiting}
      {isNew && openRequests.length === 0 && <NoSessions />}
      {!isNew && (
        <NextSession
          id={ids.next}
          booking={next}
          timeZone={timeZone}
          now={now}
          headingRef={firstHeading}
          onCancel={setCancelling}
        />
      )}
      <SessionSection id={ids.toAnswer} title="Needs your reply" bookings={toAnswer}>
        {card(true)}
      </SessionSection>
      {!asksStudent && waiting}
      <SessionSection
        id={ids.requests}
        title="Requests"
        bookings={requests}
        hint="Waiting for the mentor's answer."
      >
        {card(false)}
      </SessionSection>
      <SessionSection id={ids.upcoming} title="Upcoming" bookings={upcoming}>
        {card(false)}
      </SessionSection>
      <FavouriteMentors userId={userId} id={ids.favourites} />
      <SessionSection
        id={ids.past}
        title="Past and cancelled"
        bookings={past}
        footer={list.hasNextPage && <ShowMore list={list} words="Show more" />}
      >
        {card(true)}
      </SessionSection>
      {cancelling && (
        <CancelSessionDialog
          booking={cancelling}
          timeZone={timeZone}
          onClose={() => setCancelling(null)}
          focusAfter={() => firstHeading.current?.focus()}
        />
      )}
    </div>
  );
}

function NoSessions() {
  return (
    <EmptyState Icon={CalendarDays} title="No sessions yet">
      <p>What you book is listed here, with its time in your zone and everything you need on the day.</p>
      <Link to={paths.home()} className={buttonVariants()}>
        Find a mentor
      </Link>
    </EmptyState>
  );
}
