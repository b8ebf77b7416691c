import { CalendarDays } from "lucide-react";
import { useRef, useState } from "react";
import { Link } from "react-router";
import { buttonVariants } from "@/components/ui/Button";
import { EmptyState } from "@/components/ui/EmptyState";
import { ProblemState } from "@/components/ui/ProblemState";
import { useViewerTimeZone } from "@/lib/viewerTimeZone";
import { paths } from "@/paths";
import type { Booking } from "../../../contract/bookings";
import { CancelSessionDialog } from "./CancelSessionDialog";
import { SessionCard } from "./SessionCard";
import { SessionSection } from "./SessionSection";
import { SessionSkeletons } from "./SessionSkeletons";
import { ShowMore } from "./ShowMore";
import { useOwnSessions } from "./useOwnSessions";

export function StudentSessions({ userId }: { userId: string }) {
  const { list, groups, now } = useOwnSessions("student", userId);
  const timeZone = useViewerTimeZone();
  const [cancelling, setCancelling] = useState<Booking | null>(null);
  const firstHeading = useRef<HTMLHeadingElement>(null);

  if (list.isPending) return <SessionSkeletons />;
  if (list.isError && !list.data) {
    return <ProblemState title="We could not load your sessions" error={list.error} onRetry={list.refetch} />;
  }
  const { upcoming, requests } = groups;
  // A held session that its mentor has not marked as completed is over for the student all the same.
  const past = [...groups.past, ...groups.toComplete].sort((one, other) =>
    other.starts_at.localeCompare(one.starts_at),
  );
  if (upcoming.length + requests.length + past.length === 0) return <NoSessions />;

  const card = (isOver: boolean) => (booking: Booking) => (
    <SessionCard booking={booking} timeZone={timeZone} now={now} isOver={isOver} onCancel={setCancelling} />
  );
  return (
    <div className="space-y-12">
      <SessionSection
        title="Upcoming"
        bookings={upcoming}
        headingRef={firstHeading}
        empty={
          <p className="flex flex-wrap items-center justify-between gap-3">
            Nothing is confirmed for the days ahead.
            <Link to={paths.home()} className={buttonVariants({ variant: "soft", size: "sm" })}>
              Find a mentor
            </Link>
          </p>
        }
      >
        {card(false)}
      </SessionSection>
      <SessionSection title="Requests" bookings={requests} hint="Waiting for the mentor's answer.">
        {card(false)}
      </SessionSection>
      <SessionSection
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
