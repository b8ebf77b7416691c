import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, CalendarX, UsersRound } from "lucide-react";
import type { MentorProfile } from "#contract/mentors.ts";
import { rosterPage } from "#words/groupSessions.ts";
import { programmeRoster } from "#words/programmes.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { useLiveGroup } from "@/features/groupSessions/useLiveGroup.ts";
import { AttendanceGrid } from "@/features/programmes/AttendanceGrid.tsx";
import { ManageProgramme } from "@/features/programmes/ManageProgramme.tsx";
import { programmeRosterQuery } from "@/features/programmes/queries.ts";
import { ApiProblem } from "@/lib/api.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { paths } from "@/lib/paths.ts";
import { Link, useParams } from "@/lib/router/router.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { TimeZoneNote } from "@/ui/TimeZoneNote.tsx";

/** Who attends which session of a programme. Live: seats and payments change while it is open. */
export default function ProgrammeRosterPage({ profile }: { profile: MentorProfile }) {
  const { programmeId = "" } = useParams();
  const query = programmeRosterQuery(profile.id, programmeId);
  const { data, error, refetch } = useQuery(query);
  const now = useNow();
  useLiveGroup(profile.id, query.queryKey);
  const back = (
    <Link to={paths.mentorWorkspace("groups")} className={buttonVariants({ variant: "ghost", size: "sm" })}>
      <ArrowLeft aria-hidden className="size-4" />
      {rosterPage.all}
    </Link>
  );
  if (!data) {
    if (!error) return <PageLoading />;
    const isMissing = error instanceof ApiProblem && (error.status === 404 || error.status === 422);
    return (
      <>
        <PageHeading title={programmeRoster.title} className="sr-only" />
        {isMissing ? (
          <EmptyState Icon={CalendarX} title={programmeRoster.missing}>
            <p>{programmeRoster.missingText}</p>
            {back}
          </EmptyState>
        ) : (
          <ProblemState title={programmeRoster.failed} error={error} onRetry={refetch} />
        )}
      </>
    );
  }
  return (
    <WorkspacePage
      title={data.programme.title}
      lead={<TimeZoneNote timeZone={profile.timezone} />}
      action={back}
    >
      <div className="grid items-start gap-6 lg:grid-cols-[1fr_20rem] lg:gap-8">
        <section aria-labelledby="people" className="min-w-0">
          <SectionHeading id="people" title={programmeRoster.people} count={data.people.length} />
          <p className="mt-1 mb-3 text-sm text-ink-soft">{programmeRoster.hint}</p>
          <AttendanceGrid programme={data.programme} people={data.people} timeZone={profile.timezone} />
          {data.people.length === 0 && (
            <EmptyState Icon={UsersRound} title={programmeRoster.none} level={3}>
              <p>{programmeRoster.noneText}</p>
            </EmptyState>
          )}
        </section>
        <ManageProgramme roster={data} timeZone={profile.timezone} now={now} />
      </div>
    </WorkspacePage>
  );
}
