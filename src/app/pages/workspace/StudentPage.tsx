import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ArrowLeft, Mail, UserX } from "lucide-react";
import type { Booking } from "#contract/bookings.ts";
import type { MentorProfile } from "#contract/mentors.ts";
import { controls } from "#words/controls.ts";
import { studentPage } from "#words/students.ts";
import { WorkspacePage } from "@/app/layout/WorkspacePage.tsx";
import { SessionStatus } from "@/features/bookings/SessionStatus.tsx";
import { PrivateNotes } from "@/features/students/PrivateNotes.tsx";
import { studentQuery, studentSessionsQuery } from "@/features/students/queries.ts";
import { ApiProblem } from "@/lib/api.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { Link, useParams } from "@/lib/router/router.tsx";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { DateBadge } from "@/ui/DateBadge.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { TimeZoneNote } from "@/ui/TimeZoneNote.tsx";

/** One of a mentor's students, with sessions and private notes. */
export default function StudentPage({ profile }: { profile: MentorProfile }) {
  const { studentId = "" } = useParams();
  const { data: student, error, refetch } = useQuery(studentQuery(profile.id, studentId));
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) return <NoSuchStudent />;
  if (error) return <ProblemState title={studentPage.failed} error={error} onRetry={refetch} />;
  if (!student) return <PageLoading />;
  return (
    <WorkspacePage
      title={student.name}
      lead={<TimeZoneNote timeZone={profile.timezone} />}
      action={
        <Link
          to={paths.mentorWorkspace("students")}
          className={buttonVariants({ variant: "ghost", size: "sm" })}
        >
          <ArrowLeft aria-hidden className="size-4" />
          {studentPage.all}
        </Link>
      }
    >
      <p className="-mt-4 mb-6">
        <a
          href={`mailto:${student.email}`}
          className="tap inline-flex items-center gap-2 font-medium underline decoration-line-strong underline-offset-4 hover:decoration-accent"
        >
          <Mail aria-hidden className="size-4 text-ink-soft" />
          {student.email}
        </a>
      </p>
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <PrivateNotes
          mentorId={profile.id}
          studentId={student.id}
          studentName={firstName(student.name)}
          timeZone={profile.timezone}
        />
        <Sessions mentorId={profile.id} studentId={student.id} timeZone={profile.timezone} />
      </div>
    </WorkspacePage>
  );
}

type SessionsProps = { mentorId: string; studentId: string; timeZone: string };

function Sessions({ mentorId, studentId, timeZone }: SessionsProps) {
  const list = useInfiniteQuery(studentSessionsQuery(mentorId, studentId));
  const now = useNow();
  const sessions = (list.data?.pages ?? []).flatMap(({ data }) => data);
  return (
    <section aria-labelledby="sessions-of-student">
      <h2 id="sessions-of-student" className="mb-3 text-heading">
        {studentPage.sessions}
      </h2>
      {list.isPending && <PageLoading />}
      {list.isError && !list.data && (
        <ProblemState title={studentPage.sessionsFailed} error={list.error} onRetry={list.refetch} />
      )}
      <ul className="space-y-3">
        {sessions.map((booking) => (
          <li key={booking.id}>
            <SessionLine booking={booking} timeZone={timeZone} now={now} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button
          variant="secondary"
          size="sm"
          className="mt-4"
          pending={list.isFetchingNextPage}
          onClick={() => list.fetchNextPage()}
        >
          {controls.showMore}
        </Button>
      )}
    </section>
  );
}

function SessionLine({ booking, timeZone, now }: { booking: Booking; timeZone: string; now: Date }) {
  return (
    <article className="relative flex items-center gap-4 rounded-control border border-line bg-surface p-3 focus-within:shadow-lift hover:shadow-lift">
      <DateBadge
        instant={booking.starts_at}
        timeZone={timeZone}
        faded={Date.parse(booking.ends_at) < now.getTime()}
      />
      <div className="min-w-0 space-y-1">
        <h3 className="font-semibold">
          <Link to={paths.session(booking.id)} className="after:absolute after:inset-0">
            {booking.service_title}
          </Link>
        </h3>
        <p className="text-sm tabular-nums text-ink-soft">
          {formatTimeRange(booking.starts_at, booking.ends_at, timeZone)}
        </p>
        <SessionStatus booking={booking} as="mentor" now={now} />
      </div>
    </article>
  );
}

function NoSuchStudent() {
  return (
    <EmptyState Icon={UserX} title={studentPage.missing}>
      <p>{studentPage.missingText}</p>
      <Link to={paths.mentorWorkspace("students")} className={buttonVariants()}>
        {studentPage.all}
      </Link>
    </EmptyState>
  );
}
