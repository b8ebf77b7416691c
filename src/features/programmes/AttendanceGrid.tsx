import { Check, CircleDashed, Hourglass, UserRound, X } from "lucide-react";
import type { Programme, ProgrammeRoster } from "#contract/programmes.ts";
import { programmeRoster } from "#words/programmes.ts";
import { groupPaths } from "@/lib/groupPaths.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { formatDayAndTime, formatShortDay } from "@/lib/time.ts";
import { sessionsOf } from "./programmeState.ts";

type Person = ProgrammeRoster["people"][number];
type Seat = Person["seats"][number];

type AttendanceGridProps = { programme: Programme; people: readonly Person[]; timeZone: string };

/**
 * A row for each person, a column for each date. It scrolls within itself, so that names stay in view on a phone; "relative" keeps
 * what only screen readers get within it too.
 */
export function AttendanceGrid({ programme, people, timeZone }: AttendanceGridProps) {
  const sessions = sessionsOf(programme);
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard scrolls what has the focus
      tabIndex={0}
      aria-label={programmeRoster.table}
      className="relative overflow-x-auto rounded-card border border-line bg-surface shadow-card"
    >
      <table className="w-full border-collapse tabular-nums">
        <thead>
          <tr className="border-b border-line">
            <th
              scope="col"
              className="sticky left-0 z-10 min-w-36 bg-surface px-4 py-3 text-left font-semibold"
            >
              {programmeRoster.person}
            </th>
            {sessions.map((session) => (
              <th key={session.group_session_id} scope="col" className="px-2 py-1 text-center font-semibold">
                <Link
                  to={groupPaths.roster(session.group_session_id)}
                  aria-label={formatDayAndTime(session.starts_at, timeZone)}
                  className="tap inline-flex items-center whitespace-nowrap px-1 text-primary-text underline decoration-1 underline-offset-4 hover:decoration-2"
                >
                  {formatShortDay(session.starts_at, timeZone)}
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {people.map((person) => (
            <tr key={person.series_id}>
              <th
                scope="row"
                className="sticky left-0 z-10 max-w-40 bg-surface px-4 py-3 text-left font-semibold wrap-anywhere"
              >
                {person.seats[0] ? (
                  <Link to={paths.session(person.seats[0].booking_id)} className="hover:underline">
                    <bdi>{person.user_name}</bdi>
                  </Link>
                ) : (
                  <bdi>{person.user_name}</bdi>
                )}
              </th>
              {sessions.map(({ place, group_session_id }) => (
                <td key={group_session_id} className="px-2 py-3 text-center">
                  <Mark seat={person.seats.find((seat) => seat.place === place)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const marks = {
  present: { Icon: Check, tone: "text-good" },
  absent: { Icon: X, tone: "text-bad" },
  unpaid: { Icon: Hourglass, tone: "text-accent-text" },
  coming: { Icon: UserRound, tone: "text-ink-soft" },
  noSeat: { Icon: CircleDashed, tone: "text-ink-soft" },
} as const;

function markOf(seat: Seat | undefined): keyof typeof marks {
  if (!seat) return "noSeat";
  if (seat.attendance) return seat.attendance;
  return seat.awaits_payment ? "unpaid" : "coming";
}

function Mark({ seat }: { seat: Seat | undefined }) {
  const mark = markOf(seat);
  const { Icon, tone } = marks[mark];
  return (
    <span className={`inline-flex ${tone}`} title={programmeRoster[mark]}>
      <Icon aria-hidden className="size-5" />
      <span className="sr-only">{programmeRoster[mark]}</span>
    </span>
  );
}
