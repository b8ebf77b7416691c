import { useQuery } from "@tanstack/react-query";
import { CalendarDays } from "lucide-react";
import { useRef, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import { controls } from "#words/controls.ts";
import { links } from "#words/links.ts";
import { sessionLists } from "#words/sessions.ts";
import { studentSections, studentSessions } from "#words/studentSessions.ts";
import { OwnAlerts } from "@/features/alerts/OwnAlerts.tsx";
import { SessionSection } from "@/features/bookings/SessionSection.tsx";
import { SessionSkeletons } from "@/features/bookings/SessionSkeletons.tsx";
import { useOwnSessions } from "@/features/bookings/useOwnSessions.ts";
import { favouritesQuery } from "@/features/favourites/queries.ts";
import { FavouriteMentors } from "@/features/mentors/FavouriteMentors.tsx";
import { timeRequestsQuery } from "@/features/timeRequests/queries.ts";
import { TimeRequests } from "@/features/timeRequests/TimeRequests.tsx";
import { isOpen } from "@/features/timeRequests/timeRequestState.ts";
import { waitlistQuery } from "@/features/waitlist/queries.ts";
import { Waiting } from "@/features/waitlist/Waiting.tsx";
import { splitWaiting } from "@/features/waitlist/waitlistState.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageSections } from "@/ui/PageSections.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { ShowMore } from "@/ui/ShowMore.tsx";
import { NextSession } from "./NextSession.tsx";
import { paidTogether } from "./paidTogether.ts";
import { SessionCard } from "./SessionCard.tsx";
import { StudentCancelDialog } from "./StudentCancelDialog.tsx";
import { UnpaidSessions } from "./UnpaidSession.tsx";

const ids = {
  toPay: "to-pay",
  next: "next-session",
  waiting: "waiting",
  toAnswer: "to-answer",
  requests: "requests",
  upcoming: "upcoming",
  favourites: "favourites",
  past: "past",
} as const;

type StudentDashboardProps = { userId: string; timeZone: string };

/**
 * A student's sessions by importance: the next one, what needs a reply, other upcoming sessions, favourite mentors, past
 * sessions.
 */
export function StudentDashboard({ userId, timeZone }: StudentDashboardProps) {
  const { list, groups, now } = useOwnSessions("student", userId);
  const favourites = useQuery(favouritesQuery(userId));
  const timeRequests = useQuery(timeRequestsQuery("student", userId));
  const openRequests = (timeRequests.data ?? []).filter((request) => isOpen(request, now));
  const waitlist = useQuery(waitlistQuery(userId));
  const { offered, queued } = splitWaiting(waitlist.data ?? [], now.getTime());
  const asksStudent = offered.length > 0 || openRequests.some(({ awaiting }) => awaiting === "student");
  const [cancelling, setCancelling] = useState<Booking | null>(null);
  const firstHeading = useRef<HTMLHeadingElement>(null);
  const waiting = (
    <>
      <Waiting userId={userId} timeZone={timeZone} id={ids.waiting} />
      <TimeRequests as="student" userId={userId} timeZone={timeZone} />
      <OwnAlerts userId={userId} />
    </>
  );

  // Waits for all, or the page would be empty for a moment.
  if (list.isPending || timeRequests.isPending || waitlist.isPending) return <SessionSkeletons />;
  if (list.isError && !list.data) {
    return (
      <div className="space-y-12">
        <ProblemState title={sessionLists.failed} error={list.error} onRetry={list.refetch} />
        {waiting}
      </div>
    );
  }
  const { requests, toAnswer } = groups;
  // One that is still to be paid may be released.
  const next = groups.upcoming.find(({ status }) => status === "confirmed") ?? null;
  const upcoming = groups.upcoming.filter((booking) => booking !== next);
  const reader = { as: "student", timeZone } as const;
  // For the student a session is past once it is over, even if its mentor has not marked it as completed.
  const past = [...groups.past, ...groups.toComplete].sort((one, other) =>
    other.starts_at.localeCompare(one.starts_at),
  );
  const isNew =
    groups.toPay.length + groups.upcoming.length + requests.length + toAnswer.length + past.length === 0;

  const card = (isOver: boolean) => (booking: Booking) => (
    <SessionCard booking={booking} timeZone={timeZone} now={now} isOver={isOver} onCancel={setCancelling} />
  );
  return (
    <div className="space-y-12">
      <PageSections
        sections={[
          { id: ids.toPay, title: studentSections.toPay, count: paidTogether(groups.toPay).length },
          { id: ids.next, title: studentSections.next, count: next !== null },
          { id: ids.waiting, title: studentSections.waiting, count: offered.length + queued.length },
          { id: ids.toAnswer, title: studentSections.toReply, count: toAnswer.length },
          { id: ids.requests, title: studentSections.requests, count: requests.length },
          { id: ids.upcoming, title: studentSections.upcoming, count: upcoming.length },
          { id: ids.favourites, title: studentSections.favourites, count: favourites.data?.length ?? 0 },
          { id: ids.past, title: studentSections.past, count: past.length },
        ]}
      />
      <UnpaidSessions id={ids.toPay} bookings={groups.toPay} timeZone={timeZone} />
      {asksStudent && waiting}
      {isNew && openRequests.length + offered.length + queued.length === 0 && <NoSessions />}
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
      <SessionSection {...reader} id={ids.toAnswer} title={sessionLists.toReply} bookings={toAnswer}>
        {card(true)}
      </SessionSection>
      {!asksStudent && waiting}
      <SessionSection
        {...reader}
        id={ids.requests}
        title={sessionLists.requests}
        bookings={requests}
        hint={studentSessions.requestsHint}
      >
        {card(false)}
      </SessionSection>
      <SessionSection {...reader} id={ids.upcoming} title={sessionLists.upcoming} bookings={upcoming}>
        {card(false)}
      </SessionSection>
      <FavouriteMentors userId={userId} id={ids.favourites} />
      <SessionSection
        {...reader}
        id={ids.past}
        title={sessionLists.past}
        bookings={past}
        footer={list.hasNextPage && <ShowMore list={list} label={controls.showMore} />}
      >
        {card(true)}
      </SessionSection>
      {cancelling && (
        <StudentCancelDialog
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
    <EmptyState Icon={CalendarDays} title={sessionLists.none}>
      <p>{studentSessions.noneYet}</p>
      <Link to={paths.home()} className={buttonVariants()}>
        {links.findMentor}
      </Link>
    </EmptyState>
  );
}
