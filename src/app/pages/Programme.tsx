import { useQuery } from "@tanstack/react-query";
import type { Programme as Shown } from "#contract/programmes.ts";
import { moneyOf } from "#rules/money.ts";
import { sessionLength } from "#words/durations.ts";
import { groupFacts, groupPage } from "#words/groupSessions.ts";
import { programmeFacts, programmePage } from "#words/programmes.ts";
import { LookBadge, MinimumNote, SeatBar } from "@/features/groupSessions/GroupFacts.tsx";
import { GroupProblem } from "@/features/groupSessions/GroupProblem.tsx";
import { useLiveGroup } from "@/features/groupSessions/useLiveGroup.ts";
import { BookProgramme } from "@/features/programmes/BookProgramme.tsx";
import { programmeLook, sessionsOf } from "@/features/programmes/programmeState.ts";
import { programmeQuery } from "@/features/programmes/queries.ts";
import { cn } from "@/lib/classNames.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { useFirstViewEnd } from "@/lib/firstView.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { formatMoney } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { CurrentUsername } from "@/lib/router/CurrentUsername.tsx";
import { Link, useParams } from "@/lib/router/router.tsx";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatLongDay, sameClock, zoneLabel } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Card } from "@/ui/Card.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ViewerZoneNote } from "@/ui/ViewerZoneNote.tsx";
import { withElements } from "@/ui/withElements.tsx";

/** The public page of a programme: all of its dates, one price, and the button that books them together. */
export default function Programme() {
  const { username = "", programmeId = "" } = useParams();
  const query = programmeQuery(username, programmeId);
  const { data: programme, error, refetch } = useQuery(query);
  useFirstViewEnd(programme !== undefined || error !== null);
  useLiveGroup(programme?.expert_id ?? null, query.queryKey);
  if (programme) {
    return (
      <>
        <CurrentUsername mentor={programme.mentor} />
        <ProgrammeFound programme={programme} />
      </>
    );
  }
  if (!error) return <PageLoading />;
  return <GroupProblem kind={programmeFacts.kind} words={programmePage} error={error} onRetry={refetch} />;
}

function ProgrammeFound({ programme }: { programme: Shown }) {
  const timeZone = useViewerTimeZone();
  const now = useNow();
  const { mentor, title, description, mentor_timezone: mentorTimeZone } = programme;
  return (
    <div className="page max-w-5xl py-10 sm:py-12">
      <LookBadge look={programmeLook(programme, now)} />
      <PageHeading title={programmePage.pageTitle(title, mentor.full_name)} className="mt-3 wrap-anywhere">
        {title}
      </PageHeading>
      <p className="mt-1 text-lg text-ink-soft">
        {withElements(groupPage.with, {
          mentor: (
            <Link
              to={paths.mentor(mentor.username)}
              className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
            >
              <bdi>{mentor.full_name}</bdi>
            </Link>
          ),
        })}
      </p>
      <div className="mt-6 grid items-start gap-6 lg:grid-cols-[1fr_22rem] lg:gap-x-8">
        <div className="min-w-0 space-y-6">
          {description && (
            <section aria-labelledby="about">
              <h2 id="about" className="mb-2 text-heading">
                {programmePage.about}
              </h2>
              <p className="max-w-prose break-words whitespace-pre-line">{description}</p>
            </section>
          )}
          <section aria-labelledby="dates">
            <h2 id="dates" className="text-heading">
              {programmePage.dates}
            </h2>
            <p className="mb-3 text-sm text-ink-soft">
              {programmePage.zone(zoneLabel(timeZone))}
              {!sameClock(timeZone, mentorTimeZone) && (
                <span className="block">
                  {programmePage.mentorZone(zoneLabel(mentorTimeZone), firstName(mentor.full_name))}
                </span>
              )}
            </p>
            <ViewerZoneNote className="mb-3" />
            <Dates programme={programme} timeZone={timeZone} now={now} />
          </section>
        </div>
        <Places programme={programme} timeZone={timeZone} now={now} />
      </div>
    </div>
  );
}

type PartProps = { programme: Shown; timeZone: string; now: Date };

/** In the order in which they take place: a moved one may be elsewhere. */
function Dates({ programme: { sessions, mentor }, timeZone, now }: PartProps) {
  const inOrder = sessions.toSorted((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
  return (
    <ol className="divide-y divide-line rounded-card border border-line bg-surface shadow-card">
      {inOrder.map((session) => {
        const isCancelled = session.state === "cancelled";
        const isOff = isCancelled || Date.parse(session.ends_at) <= now.getTime();
        return (
          <li key={session.group_session_id}>
            <Link
              to={groupPaths.session(mentor.username, session.group_session_id)}
              className="tap flex flex-wrap items-baseline justify-between gap-x-4 px-4 py-3 tabular-nums hover:bg-primary-soft"
            >
              <span className={cn("font-semibold", isOff && "text-ink-soft", isCancelled && "line-through")}>
                {formatLongDay(session.starts_at, timeZone)}
              </span>
              <span className="text-ink-soft">
                {isCancelled
                  ? programmePage.cancelledDate
                  : formatTimeRange(session.starts_at, session.ends_at, timeZone)}
              </span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}

function Places({ programme, timeZone, now }: PartProps) {
  const { attendees, capacity, price, currency, duration, seats_left } = programme;
  const look = programmeLook(programme, now);
  const isEnded = look === "cancelled" || look === "over";
  const seats = { ...programme, seats_taken: capacity - seats_left };
  return (
    <aside className="lg:sticky lg:top-24">
      <Card className="space-y-4 p-4 sm:p-5">
        <div>
          <p className="text-heading tabular-nums">
            {price === 0
              ? formatMoney(moneyOf(0, currency))
              : programmeFacts.all(formatMoney(moneyOf(price, currency)))}
          </p>
          <p className="text-ink-soft">
            {[programmeFacts.sessions(sessionsOf(programme).length), sessionLength(duration)].join(" · ")}
          </p>
        </div>
        {!isEnded && (
          <div className="space-y-2">
            <p role="status" className="font-semibold tabular-nums">
              {programmeFacts.seats(seats_left)}
            </p>
            <SeatBar session={seats} />
            <MinimumNote session={{ ...seats, seats_taken: attendees }} timeZone={timeZone} />
            {look === "waiting" && (
              <p className="text-sm text-ink-soft">
                {price ? groupFacts.refundedIf : groupFacts.cancelledIf}
              </p>
            )}
          </div>
        )}
        <BookProgramme programme={programme} now={now} />
      </Card>
    </aside>
  );
}
