import { useQuery } from "@tanstack/react-query";
import { CalendarClock, CalendarX, Check, X } from "lucide-react";
import { useId, useRef, useState } from "react";
import type { Series } from "#contract/series.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { parseInstant } from "#scheduling/units.ts";
import { links } from "#words/links.ts";
import { missingSeries, ownSeries } from "#words/ownSeries.ts";
import { bookedWith, yourTimeZone } from "#words/sessions.ts";
import { MentorsTime } from "@/features/baskets/SessionTimesList.tsx";
import { SessionStatus } from "@/features/bookings/SessionStatus.tsx";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { ApiProblem } from "@/lib/api.ts";
import { cn } from "@/lib/classNames.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime, zoneLabel } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useZones } from "@/lib/zones/useZones.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { ShortLabel } from "@/ui/ShortLabel.tsx";
import { useAction } from "@/ui/useAction.ts";
import { ViewerZoneNote } from "@/ui/ViewerZoneNote.tsx";
import { confirmSeries } from "./api.ts";
import { seriesQuery } from "./queries.ts";
import { SeriesCancelDialog } from "./SeriesCancelDialog.tsx";
import { progressText, rhythmOf } from "./seriesFacts.ts";

type SeriesLoaderProps = { id: string; userId: string };

/** Loads a series and shows it to one of its two people. */
export function SeriesLoader({ id, userId }: SeriesLoaderProps) {
  const { data: series, error, isPending, refetch } = useQuery(seriesQuery(id));
  if (isPending) return <PageLoading />;
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) return <NoSuchSeries />;
  if (series) return <SeriesView series={series} as={series.expert_id === userId ? "mentor" : "student"} />;
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={ownSeries.title} />
      {error && <ProblemState title={ownSeries.failed} error={error} onRetry={refetch} />}
    </div>
  );
}

/** All sessions of a series with what can be done about each, and about all that are left. */
function SeriesView({ series, as }: { series: Series; as: BookingRole }) {
  const viewerTimeZone = useViewerTimeZone();
  // A mentor sees sessions in the zone of the weekly hours, as in the workspace.
  const timeZone = as === "mentor" ? series.mentor_timezone : viewerTimeZone;
  const now = useNow();
  const listId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useZones(timeZone, ...new Set(series.sessions.map(({ mentor_timezone }) => mentor_timezone)));
  const sessions = series.sessions.toSorted((one, other) => one.starts_at.localeCompare(other.starts_at));
  return (
    <div className="page max-w-3xl py-10 sm:py-12">
      <PageHeading
        title={bookedWith({
          service: series.service_title,
          other: as === "student" ? series.mentor.full_name : series.student_name,
        })}
      />
      <p className="mt-2 text-lg text-ink-soft">
        {rhythmOf(series, timeZone)} · {progressText(sessions, now.getTime())}
      </p>
      <Manage {...{ series, as, timeZone }} focusAfter={() => heading.current?.focus()} />
      <section aria-labelledby={listId} className="mt-8">
        <h2 id={listId} ref={heading} tabIndex={-1} className="text-heading outline-none">
          {ownSeries.list}
        </h2>
        <p className="text-sm text-ink-soft">{yourTimeZone(zoneLabel(timeZone))}</p>
        {as === "student" && <ViewerZoneNote className="mt-2" />}
        <ol className="mt-3 space-y-2">
          {sessions.map((session) => (
            <li key={session.id}>
              <Row {...{ session, as, timeZone, now }} />
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

type Session = Series["sessions"][number];
type RowProps = { session: Session; as: BookingRole; timeZone: string; now: Date };

/** One session: when, what has become of it, and its page. */
function Row({ session, as, timeZone, now }: RowProps) {
  const { id, starts_at, status, pay_by, mentor_timezone, student_timezone, mentor, user_name } = session;
  const when = formatDayAndTime(starts_at, timeZone);
  const [otherZone, otherName] =
    as === "student" ? [mentor_timezone, mentor.full_name] : [student_timezone, user_name];
  return (
    <Card className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56 leading-snug">
        <p className={cn("font-semibold", status === "cancelled" && "text-ink-soft line-through")}>{when}</p>
        <MentorsTime
          mentorName={otherName}
          timeZone={timeZone}
          startsAt={parseInstant(starts_at)}
          mentorTimeZone={otherZone}
        />
        {pay_by && as === "student" && (
          <p className="text-sm text-ink-soft">{ownSeries.payBy(formatDayAndTime(pay_by, timeZone))}</p>
        )}
      </div>
      <SessionStatus booking={session} as={as} now={now} />
      <div className="flex gap-2">
        {pay_by && as === "student" && (
          <Link to={paths.pay(id)} className={buttonVariants({ size: "sm" })}>
            <ShortLabel short={ownSeries.pay.label} full={ownSeries.pay.full(when)} />
          </Link>
        )}
        <Link to={paths.session(id)} className={buttonVariants({ variant: "secondary", size: "sm" })}>
          <ShortLabel short={ownSeries.details.label} full={ownSeries.details.full(when)} />
        </Link>
      </div>
    </Card>
  );
}

type ManageProps = { series: Series; as: BookingRole; timeZone: string; focusAfter: () => void };

/** What can be done about all sessions that are left. */
function Manage({ series, as, timeZone, focusAfter }: ManageProps) {
  const [isCancelling, setIsCancelling] = useState(false);
  const { sessionsChanged } = useMentorChanges();
  const { sessions } = series;
  const toCancel = sessions.filter(({ can_cancel }) => can_cancel);
  const toApprove = sessions.filter(({ status, awaits_payment }) => status === "pending" && !awaits_payment);
  const movable = sessions
    .filter(({ can_move }) => can_move)
    .toSorted((one, other) => one.starts_at.localeCompare(other.starts_at));
  const approve = useAction(async () => {
    const { changed } = await confirmSeries(series.id);
    await sessionsChanged(series.expert_id);
    toast.success(ownSeries.approved(changed));
    focusAfter();
  });
  if (toCancel.length === 0 && movable.length === 0) return null;
  const onlyRequests = as === "mentor" && toCancel.every(({ status }) => status === "pending");
  return (
    <div className="mt-5 flex flex-wrap gap-2">
      {as === "mentor" && toApprove.length > 0 && (
        <Button pending={approve.isPending} onClick={() => approve.run()}>
          <Check aria-hidden className="size-5" />
          {ownSeries.approve(toApprove.length)}
        </Button>
      )}
      {movable[0] && (
        <Link
          to={`${paths.session(movable[0].id)}?do=reschedule`}
          className={buttonVariants({ variant: "secondary" })}
        >
          <CalendarClock aria-hidden className="size-5" />
          {ownSeries.reschedule}
        </Link>
      )}
      {toCancel.length > 0 && (
        <Button variant="secondary" onClick={() => setIsCancelling(true)}>
          <X aria-hidden className="size-5" />
          {onlyRequests ? ownSeries.decline(toCancel.length) : ownSeries.cancel(toCancel.length)}
        </Button>
      )}
      {isCancelling && (
        <SeriesCancelDialog
          seriesId={series.id}
          as={as}
          timeZone={timeZone}
          onClose={() => setIsCancelling(false)}
          focusAfter={focusAfter}
        />
      )}
    </div>
  );
}

function NoSuchSeries() {
  return (
    <div className="page max-w-2xl space-y-8 py-12">
      <PageHeading title={missingSeries.title} className="sr-only" />
      <EmptyState Icon={CalendarX} title={missingSeries.heading}>
        <p>{missingSeries.text}</p>
        <Link to={paths.sessions()} className={buttonVariants()}>
          {links.sessions}
        </Link>
      </EmptyState>
    </div>
  );
}
