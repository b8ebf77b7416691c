import { Inbox } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { MentorProfile } from "#contract/mentors.ts";
import { controls } from "#words/controls.ts";
import { mentorSessions } from "#words/mentorSessions.ts";
import { sessionLists } from "#words/sessions.ts";
import { SessionSection } from "@/features/bookings/SessionSection.tsx";
import { SessionSkeletons } from "@/features/bookings/SessionSkeletons.tsx";
import { useOwnSessions } from "@/features/bookings/useOwnSessions.ts";
import { SuggestInstead } from "@/features/timeRequests/SuggestInstead.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { ShowMore } from "@/ui/ShowMore.tsx";
import { MentorCancelDialog } from "./MentorCancelDialog.tsx";
import { MentorSessionCard } from "./MentorSessionCard.tsx";
import { useSessionSteps } from "./useSessionSteps.ts";

type MentorSessionsProps = {
  profile: MentorProfile;
  /** What is between the coming sessions and the past ones. */
  children: ReactNode;
};

/** A mentor's requests and sessions; what awaits the mentor comes first. */
export function MentorSessions({ profile, children }: MentorSessionsProps) {
  const { list, groups, now } = useOwnSessions("mentor", profile.id);
  const firstHeading = useRef<HTMLHeadingElement>(null);
  const focusFirstHeading = () => firstHeading.current?.focus();
  const steps = useSessionSteps(focusFirstHeading);
  const [proposing, setProposing] = useState<Booking | null>(null);

  if (list.isPending) return <SessionSkeletons />;
  if (list.isError && !list.data) {
    return <ProblemState title={sessionLists.failed} error={list.error} onRetry={list.refetch} />;
  }
  const { toAnswer, requests, upcoming, toComplete, past } = groups;
  if (toAnswer.length + requests.length + upcoming.length + toComplete.length + past.length === 0)
    return (
      <>
        <NoSessions />
        {children}
      </>
    );

  const reader = { as: "mentor", timeZone: profile.timezone } as const;
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
      <SessionSection {...reader} title={sessionLists.toReply} bookings={toAnswer}>
        {card(true)}
      </SessionSection>
      <SessionSection
        {...reader}
        title={sessionLists.requests}
        bookings={requests}
        headingRef={firstHeading}
        empty={<p>{mentorSessions.noRequests}</p>}
        hint={mentorSessions.requestsHint}
      >
        {card(false)}
      </SessionSection>
      <SessionSection
        {...reader}
        title={mentorSessions.ended}
        bookings={toComplete}
        hint={mentorSessions.endedHint}
      >
        {card(true)}
      </SessionSection>
      <SessionSection
        {...reader}
        title={sessionLists.upcoming}
        bookings={upcoming}
        empty={<p>{sessionLists.noneAhead}</p>}
      >
        {card(false)}
      </SessionSection>
      {children}
      <SessionSection
        {...reader}
        title={sessionLists.past}
        bookings={past}
        footer={list.hasNextPage && <ShowMore list={list} label={controls.showMore} />}
      >
        {card(true)}
      </SessionSection>
      {steps.asked && (
        <MentorCancelDialog
          step={steps.asked}
          timeZone={profile.timezone}
          onClose={steps.closeQuestion}
          onConfirm={steps.answerQuestion}
          focusAfter={focusFirstHeading}
        />
      )}
      {proposing && (
        <SuggestInstead
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
    <EmptyState Icon={Inbox} title={sessionLists.none}>
      <p>{mentorSessions.noneYet}</p>
    </EmptyState>
  );
}
