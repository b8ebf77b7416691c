import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, CalendarX } from "lucide-react";
import { lazy, Suspense, useRef } from "react";
import type { MentorProfile } from "#contract/mentors.ts";
import { groupList, rosterPage } from "#words/groupSessions.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { GroupQuestionCard } from "@/features/groupSessions/GroupQuestionCard.tsx";
import { ManageGroup } from "@/features/groupSessions/ManageGroup.tsx";
import { rosterQuery } from "@/features/groupSessions/queries.ts";
import { RosterList } from "@/features/groupSessions/RosterList.tsx";
import { useLiveGroup } from "@/features/groupSessions/useLiveGroup.ts";
import { ApiProblem } from "@/lib/api.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { paths } from "@/lib/paths.ts";
import { Link, useParams } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { TimeZoneNote } from "@/ui/TimeZoneNote.tsx";

const MentorQueues = lazy(() => import("@/features/waitlist/MentorQueues.tsx"));

/** The people in one group session, and what can be done with it. Live: seats and payments change while it is open. */
export default function RosterPage({ profile }: { profile: MentorProfile }) {
  const { groupId = "" } = useParams();
  const query = rosterQuery(profile.id, groupId);
  const { data, error, refetch } = useQuery(query);
  const now = useNow();
  const list = useRef<HTMLDivElement>(null);
  useLiveGroup(profile.id, query.queryKey);
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) return <NoSuchSession />;
  if (!data) {
    return error ? (
      <>
        <PageHeading title={rosterPage.failed} className="sr-only" />
        <ProblemState title={rosterPage.failed} error={error} onRetry={refetch} />
      </>
    ) : (
      <PageLoading />
    );
  }
  const { session, seats } = data;
  return (
    <WorkspacePage
      title={session.service_title}
      lead={<TimeZoneNote timeZone={profile.timezone} />}
      action={
        <Link
          to={paths.mentorWorkspace("groups")}
          className={buttonVariants({ variant: "ghost", size: "sm" })}
        >
          <ArrowLeft aria-hidden className="size-4" />
          {rosterPage.all}
        </Link>
      }
    >
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_22rem] lg:gap-8">
        {/* Takes the focus if the answered question disappears. */}
        <div ref={list} tabIndex={-1} className="min-w-0 space-y-6 outline-none">
          {session.state !== "cancelled" && (
            <GroupQuestionCard
              session={session}
              timeZone={profile.timezone}
              focusAfter={() => list.current?.focus()}
            />
          )}
          <RosterList
            userId={profile.id}
            session={session}
            seats={seats}
            timeZone={profile.timezone}
            now={now}
          />
          <Suspense fallback={null}>
            <MentorQueues
              mentorId={profile.id}
              timeZone={profile.timezone}
              groupSessionId={session.id}
              className="mt-10"
            />
          </Suspense>
        </div>
        <ManageGroup userId={profile.id} session={session} timeZone={profile.timezone} now={now} />
      </div>
    </WorkspacePage>
  );
}

function NoSuchSession() {
  return (
    <>
      <PageHeading title={groupList.title} className="sr-only" />
      <EmptyState Icon={CalendarX} title={rosterPage.missing}>
        <p>{rosterPage.missingText}</p>
        <Link to={paths.mentorWorkspace("groups")} className={buttonVariants()}>
          {rosterPage.all}
        </Link>
      </EmptyState>
    </>
  );
}
