import { useQuery } from "@tanstack/react-query";
import { Clock, Tag } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import type { GroupSession as Session } from "#contract/groupSessions.ts";
import { moneyOf } from "#rules/money.ts";
import { parseInstant } from "#scheduling/units.ts";
import { sessionLength } from "#words/durations.ts";
import { groupFacts, groupPage } from "#words/groupSessions.ts";
import { programmeFacts, programmePage } from "#words/programmes.ts";
import { TimeAside } from "@/app/lazyTimeAside.ts";
import { useMe } from "@/features/accounts/me.ts";
import { BookingDialog, preloadBooking } from "@/features/book/lazyBookingDialog.ts";
import { useBookingAddress } from "@/features/book/useBookingAddress.ts";
import { GroupBadge, MinimumNote, SeatBar } from "@/features/groupSessions/GroupFacts.tsx";
import { GroupProblem } from "@/features/groupSessions/GroupProblem.tsx";
import { isJoinable, lookOf, missingIn } from "@/features/groupSessions/groupState.ts";
import { groupSessionQuery } from "@/features/groupSessions/queries.ts";
import { ShareGroup } from "@/features/groupSessions/ShareGroup.tsx";
import { useLiveGroup } from "@/features/groupSessions/useLiveGroup.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { useFirstViewEnd } from "@/lib/firstView.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { mentorQuery } from "@/lib/mentorQuery.ts";
import { formatMoney } from "@/lib/money.ts";
import { firstName } from "@/lib/names.ts";
import { paths } from "@/lib/paths.ts";
import { CurrentUsername } from "@/lib/router/CurrentUsername.tsx";
import { Link, useParams } from "@/lib/router/router.tsx";
import { formatDayAndTime } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Alert } from "@/ui/Alert.tsx";
import { BothTimes } from "@/ui/BothTimes.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { DateBadge } from "@/ui/DateBadge.tsx";
import { PageHeading } from "@/ui/PageHeading.tsx";
import { PageLoading } from "@/ui/PageLoading.tsx";
import { ViewerZoneNote } from "@/ui/ViewerZoneNote.tsx";
import { withElements } from "@/ui/withElements.tsx";

/** Full sessions only. */
const JoinWaitlist = lazy(() => import("@/features/waitlist/JoinWaitlist.tsx"));

/** The public page of one group session. Its document has title and description from the server (server/pages/pageHeads.ts). */
export default function GroupSession() {
  const { username = "", groupId = "" } = useParams();
  const query = groupSessionQuery(username, groupId);
  const { data: session, error, refetch } = useQuery(query);
  useFirstViewEnd(session !== undefined || error !== null);
  useLiveGroup(session?.expert_id ?? null, query.queryKey);
  if (session) {
    return (
      <>
        <CurrentUsername mentor={session.mentor} />
        <Shown session={session} />
      </>
    );
  }
  if (!error) return <PageLoading />;
  return <GroupProblem kind={groupPage.kind} words={groupPage} error={error} onRetry={refetch} />;
}

function Shown({ session }: { session: Session }) {
  const timeZone = useViewerTimeZone();
  const now = useNow();
  const { mentor, service_title, description, mentor_timezone: mentorTimeZone } = session;
  const isEnded = ["over", "cancelled"].includes(lookOf(session, now));
  return (
    <div className="page max-w-5xl py-10 sm:py-12">
      <GroupBadge session={session} now={now} />
      <PageHeading
        title={groupPage.pageTitle(service_title, mentor.full_name)}
        className="mt-3 wrap-anywhere"
      >
        {service_title}
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
      {mentor.headline && <p className="text-ink-soft">{mentor.headline}</p>}
      {session.programme && (
        <p className="mt-1">
          <Link
            to={groupPaths.programme(mentor.username, session.programme.id)}
            className="font-semibold text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
          >
            {programmeFacts.place(
              session.programme.place,
              session.programme.sessions,
              session.programme.title,
            )}
          </Link>
        </p>
      )}
      <div className="mt-6 grid items-start gap-6 lg:grid-cols-[1fr_22rem] lg:gap-x-8">
        <Card className="flex min-w-0 items-start gap-4 p-4 sm:p-5">
          <DateBadge instant={session.starts_at} timeZone={timeZone} faded={isEnded} />
          <div className="min-w-0 flex-1 space-y-3">
            <BothTimes
              startsAt={parseInstant(session.starts_at)}
              timeZone={timeZone}
              mentorTimeZone={mentorTimeZone}
              mentorName={firstName(mentor.full_name)}
            />
            <ViewerZoneNote />
            <ul className="flex flex-wrap gap-x-6 gap-y-1.5">
              <Fact Icon={Clock}>{sessionLength(session.duration)}</Fact>
              {session.price !== null && !session.programme && (
                <Fact Icon={Tag}>{priceOf(session.price, session.currency)}</Fact>
              )}
            </ul>
          </div>
        </Card>
        <Seats session={session} timeZone={timeZone} now={now} />
        <div className="min-w-0 space-y-6">
          {description && (
            <section aria-labelledby="about">
              <h2 id="about" className="mb-2 text-heading">
                {groupPage.about}
              </h2>
              <p className="max-w-prose break-words whitespace-pre-line">{description}</p>
            </section>
          )}
          {!isEnded && (
            <section aria-labelledby="share" className="max-w-xl">
              <h2 id="share" className="mb-3 text-heading">
                {groupPage.share}
              </h2>
              <ShareGroup session={session} />
            </section>
          )}
        </div>
      </div>
    </div>
  );
}

function priceOf(price: number, currency: string): string {
  return price === 0
    ? formatMoney(moneyOf(0, currency))
    : groupFacts.perSeat(formatMoney(moneyOf(price, currency)));
}

function Fact({ Icon, children }: { Icon: typeof Clock; children: ReactNode }) {
  return (
    <li className="inline-flex items-center gap-2">
      <Icon aria-hidden className="size-5 text-ink-soft" />
      <span>{children}</span>
    </li>
  );
}

type SeatsProps = { session: Session; timeZone: string; now: Date };

/** How many seats are left, what the minimum is, and the button that books. */
function Seats({ session, timeZone, now }: SeatsProps) {
  const look = lookOf(session, now);
  const isEnded = look === "cancelled" || look === "over";
  const refund = session.price ? groupFacts.refundedIf : groupFacts.cancelledIf;
  return (
    <aside className="lg:sticky lg:top-24 lg:col-start-2 lg:row-span-2 lg:row-start-1">
      <Card className="space-y-4 p-4 sm:p-5">
        {!isEnded && (
          <>
            <div className="space-y-2">
              <p role="status" className="text-heading tabular-nums">
                {groupFacts.seatsLeft(session.seats_left)}
              </p>
              <SeatBar session={session} />
              <p className="text-sm text-ink-soft tabular-nums">
                {groupFacts.seatsTaken(session.seats_taken, session.capacity)}
              </p>
            </div>
            <MinimumNote session={session} timeZone={timeZone} />
            {missingIn(session) > 0 && <p className="text-sm text-ink-soft">{refund}</p>}
            {look === "running" && isJoinable(session, now) && (
              <p>
                {groupFacts.joinUntil(groupFacts.yourTime(formatDayAndTime(session.join_until, timeZone)))}
              </p>
            )}
          </>
        )}
        <BookSeat session={session} now={now} />
      </Card>
    </aside>
  );
}

/** Books through the usual dialog, with this time chosen; or why no seat can be booked. */
function BookSeat({ session, now }: { session: Session; now: Date }) {
  const { mentor: link, service_id: serviceId, duration: minutes } = session;
  const { data: me } = useMe();
  const timeZone = useViewerTimeZone();
  const { data: mentor } = useQuery(mentorQuery(link.username));
  const address = useBookingAddress();
  const why = mentor && whyNot(session, mentor.accepting_bookings, now);
  const isOwn = me?.id === session.expert_id;
  return (
    <>
      {isOwn ? (
        <Link to={groupPaths.roster(session.id)} className={buttonVariants({ className: "w-full" })}>
          {groupPage.roster}
        </Link>
      ) : session.programme ? (
        <>
          <p>{programmePage.partOf}</p>
          <Link
            to={groupPaths.programme(link.username, session.programme.id)}
            className={buttonVariants({ className: "w-full" })}
          >
            {programmePage.open}
          </Link>
        </>
      ) : why ? (
        <>
          <Alert tone={session.state === "cancelled" ? "bad" : "info"} announce={false}>
            <p>{why}</p>
          </Alert>
          {why === groupPage.full && (
            <Suspense fallback={null}>
              <JoinWaitlist
                isMain
                mentorId={session.expert_id}
                target={{ kind: "group", group_session_id: session.id, timezone: timeZone }}
              />
            </Suspense>
          )}
          <Link
            to={paths.mentor(link.username)}
            className={buttonVariants({ variant: "secondary", className: "w-full" })}
          >
            {groupPage.others}
          </Link>
        </>
      ) : (
        <Button
          size="lg"
          className="w-full"
          disabled={!mentor}
          onClick={() =>
            address.open({ serviceId, minutes, startsAt: parseInstant(session.starts_at) }, "details")
          }
          onPointerEnter={preloadBooking}
          onFocus={preloadBooking}
        >
          {groupPage.book}
        </Button>
      )}
      {mentor && address.wasOpened && (
        <Suspense fallback={null}>
          <BookingDialog mentor={mentor} Aside={TimeAside} address={address} isPreview={isOwn} />
        </Suspense>
      )}
    </>
  );
}

function whyNot(session: Session, isAccepting: boolean, now: Date): string | null {
  if (session.cancelled_because === "minimum") return groupPage.cancelledByMinimum;
  if (session.state === "cancelled") return groupPage.cancelledByMentor;
  if (Date.parse(session.ends_at) <= now.getTime()) return groupPage.over;
  if (Date.parse(session.join_until) <= now.getTime()) return groupPage.closed;
  if (session.seats_left === 0) return groupPage.full;
  if (session.price === null) return groupPage.noLonger;
  return isAccepting ? null : groupPage.paused;
}
