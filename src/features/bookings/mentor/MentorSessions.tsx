import { Inbox } from "lucide-react";
import { useRef, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { MentorProfile } from "#contract/mentors.ts";
import { SessionSection } from "@/features/bookings/SessionSection.tsx";
import { SessionSkeletons } from "@/features/bookings/SessionSkeletons.tsx";
import { useOwnSessions } from "@/features/bookings/useOwnSessions.ts";
import { ProposeInstead } from "@/features/timeRequests/ProposeInstead.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { ShowMore } from "@/ui/ShowMore.tsx";
import { GiveUpDialog } from "./GiveUpDialog.tsx";
import { MentorSessionCard } from "./MentorSessionCard.tsx";
import { useSessionSteps } from "./useSessionSteps.ts";

/** A mentor's requests and sessions; what waits for him comes first. */
export function MentorSessions({ profile }: { profile: MentorProfile }) {
  const { list, groups, now } = useOwnSessions("mentor", profile.id);
  const firstHeading = useRef<HTMLHeadingElement>(null);
  const focusFirstHeading = () => firstHeading.current?.focus();
  const steps = useSessionSteps(focusFirstHeading);
  const [proposing, setProposing] = useState<Booking | null>(null);

  if (list.isPending) return <SessionSkeletons />;
  if (list.isError && !list.data) {
    return <ProblemState title="We could not load your sessions" error={list.error} onRetry={list.refetch} />;
  }
  const { toAnswer, requests, upcoming, toComplete, past } = groups;
  if (toAnswer.length + requests.length + upcoming.length + toComplete.length + past.length === 0)
    return <NoSessions />;

  const card = (isOver: boolean) => (booking: Booking) => (
    <MentorSessionCard
      booking={booking}
      timeZone={profile.timezone}
      now={now}
      isOver={isOver}
      pending={steps.pendingFor(booking)}
      onStep={(action) => steps.start({ booking, action })}
      onPropose={() => setProposing(booking)}
    />
  );
  return (
    <div className="space-y-12">
      <SessionSection title="Needs your reply" bookings={toAnswer}>
        {card(true)}
      </SessionSection>
      <SessionSection
        title="Requests"
        bookings={requests}
        headingRef={firstHeading}
        empty={<p>No requests are waiting for your answer.</p>}
        hint="Their time is kept for them until you answer or the request expires."
      >
        {card(false)}
      </SessionSection>
      <SessionSection
        title="To mark as completed"
        bookings={toComplete}
        hint="These sessions are over. Mark those that took place."
      >
        {card(true)}
      </SessionSection>
      <SessionSection
        title="Upcoming"
        bookings={upcoming}
        empty={<p>Nothing is confirmed for the days ahead.</p>}
      >
        {card(false)}
      </SessionSection>
      <SessionSection
        title="Past and cancelled"
        bookings={past}
        footer={list.hasNextPage && <ShowMore list={list} words="Show more" />}
      >
        {card(true)}
      </SessionSection>
      {steps.asked && (
        <GiveUpDialog
          step={steps.asked}
          timeZone={profile.timezone}
          onClose={steps.closeQuestion}
          onConfirm={steps.answerQuestion}
          focusAfter={focusFirstHeading}
        />
      )}
      {proposing && (
        <ProposeInstead
          booking={proposing}
          timeZone={profile.timezone}
          onClose={() => setProposing(null)}
          focusAfter={focusFirstHeading}
        />
      )}
    </div>
  );
}

function NoSessions() {
  return (
    <EmptyState Icon={Inbox} title="No sessions yet">
      <p>Requests and bookings appear here as soon as a student picks one of your times.</p>
    </EmptyState>
  );
}
