import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, UsersRound, X } from "lucide-react";
import type { GroupSession, OwnGroupSession, Roster, RosterSeat } from "#contract/groupSessions.ts";
import { moneyOf } from "#rules/money.ts";
import { groupFacts, rosterPage } from "#words/groupSessions.ts";
import { formatAmount } from "@/lib/money.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatLongDay } from "@/lib/time.ts";
import { Avatar } from "@/ui/Avatar.tsx";
import { Button } from "@/ui/Button.tsx";
import { Card } from "@/ui/Card.tsx";
import { DateBadge } from "@/ui/DateBadge.tsx";
import { EmptyState } from "@/ui/EmptyState.tsx";
import { SectionHeading } from "@/ui/SectionHeading.tsx";
import { ShortLabel } from "@/ui/ShortLabel.tsx";
import { toastProblem } from "@/ui/useAction.ts";
import { markAttendance } from "./api.ts";
import { GroupBadge, MinimumNote, SeatBar } from "./GroupFacts.tsx";
import { revenueOf } from "./GroupList.tsx";
import { lookOf } from "./groupState.ts";
import { rosterQuery } from "./queries.ts";

type RosterListProps = {
  userId: string;
  session: OwnGroupSession;
  seats: readonly RosterSeat[];
  timeZone: string;
  now: Date;
};

/** When a session is, how full it is, and who has a seat. Who came can be marked once it has begun. */
export function RosterList({ userId, session, seats, timeZone, now }: RosterListProps) {
  const hasBegun = Date.parse(session.starts_at) <= now.getTime();
  const isEnded = ["over", "cancelled"].includes(lookOf(session, now));
  const coming = seats.filter(({ status }) => status === "confirmed" || status === "completed");
  const present = coming.filter(({ attendance }) => attendance === "present").length;
  return (
    <div className="min-w-0 space-y-6">
      <Card className="flex items-start gap-4 p-4 sm:p-5">
        <DateBadge instant={session.starts_at} timeZone={timeZone} faded={isEnded} />
        <div className="min-w-0 flex-1 space-y-3">
          <GroupBadge session={session} now={now} />
          <p className="tabular-nums">
            <span className="block font-semibold">{formatLongDay(session.starts_at, timeZone)}</span>
            <span className="block text-ink-soft">
              {formatTimeRange(session.starts_at, session.ends_at, timeZone)}
            </span>
          </p>
          {session.state !== "cancelled" && (
            <>
              <p className="flex flex-wrap justify-between gap-x-4 tabular-nums">
                <span>{groupFacts.seatsTaken(session.seats_taken, session.capacity)}</span>
                <span className="text-ink-soft">{revenueOf(session)}</span>
              </p>
              <SeatBar session={session} />
              {!hasBegun && <MinimumNote session={session} timeZone={timeZone} isYours={false} />}
            </>
          )}
        </div>
      </Card>
      <section aria-labelledby="roster">
        <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4">
          <SectionHeading id="roster" title={rosterPage.people} count={seats.length} />
          {coming.length > 0 && (
            <p role="status" className="text-sm text-ink-soft tabular-nums">
              {hasBegun ? rosterPage.attendance(present, coming.length) : rosterPage.notBegun}
            </p>
          )}
        </div>
        {seats.length === 0 ? (
          <EmptyState Icon={UsersRound} title={isEnded ? rosterPage.noneLeft : rosterPage.none} level={3}>
            {!isEnded && <p>{rosterPage.noneText}</p>}
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line rounded-card border border-line bg-surface shadow-card">
            {seats.map((seat) => (
              <li key={seat.booking_id}>
                <Seat userId={userId} session={session} seat={seat} hasBegun={hasBegun} />
              </li>
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

type SeatProps = { userId: string; session: GroupSession; seat: RosterSeat; hasBegun: boolean };

function Seat({ userId, session, seat, hasBegun }: SeatProps) {
  const queryClient = useQueryClient();
  const { queryKey } = rosterQuery(userId, session.id);
  const mark = useMutation({
    mutationFn: (attendance: RosterSeat["attendance"]) => markAttendance(seat.booking_id, attendance),
    onSuccess: (_, attendance) =>
      queryClient.setQueryData<Roster>(
        queryKey,
        (known) =>
          known && {
            ...known,
            seats: known.seats.map((each) =>
              each.booking_id === seat.booking_id ? { ...each, attendance } : each,
            ),
          },
      ),
    onError: (problem) => toastProblem(problem),
  });
  const isComing = seat.status === "confirmed" || seat.status === "completed";
  const shown = mark.isPending ? mark.variables : seat.attendance;
  const toggle = (next: "present" | "absent") => !mark.isPending && mark.mutate(shown === next ? null : next);
  const name = seat.user_name;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <Avatar name={name} className="size-10 text-sm" />
      <div className="min-w-0 flex-1 basis-40">
        <p className="font-semibold wrap-anywhere">
          <Link to={paths.session(seat.booking_id)} className="hover:underline">
            <bdi>{name}</bdi>
          </Link>
        </p>
        <p className="text-sm text-ink-soft tabular-nums">
          {[paidText(seat), seat.shows_name && rosterPage.showsName].filter(Boolean).join(" · ")}
        </p>
      </div>
      {isComing && hasBegun && (
        <div className="flex gap-2">
          <Button
            variant={shown === "present" ? "primary" : "secondary"}
            size="sm"
            aria-pressed={shown === "present"}
            onClick={() => toggle("present")}
          >
            <Check aria-hidden className="size-4" />
            <ShortLabel short={rosterPage.present} full={rosterPage.markPresent(name)} />
          </Button>
          <Button
            variant={shown === "absent" ? "danger" : "secondary"}
            size="sm"
            aria-pressed={shown === "absent"}
            onClick={() => toggle("absent")}
          >
            <X aria-hidden className="size-4" />
            <ShortLabel short={rosterPage.absent} full={rosterPage.markAbsent(name)} />
          </Button>
        </div>
      )}
    </div>
  );
}

function paidText(seat: RosterSeat): string {
  const { status, awaits_payment, payment_status, total_amount, currency } = seat;
  if (awaits_payment) return rosterPage.notPaid;
  if (status === "pending") return rosterPage.toApprove;
  if (payment_status === "refunded") return rosterPage.refunded;
  if (payment_status === "free" || total_amount === 0) return rosterPage.free;
  return rosterPage.paid(formatAmount(moneyOf(total_amount, currency)));
}
