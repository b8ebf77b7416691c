import type { EpochMs } from "#scheduling/units.ts";
import { bookTogether } from "#words/baskets.ts";
import { firstName } from "@/lib/names.ts";
import { formatDayAndTime, formatTime, sameClock, wallClock, zoneLabel } from "@/lib/time.ts";
import { withElements } from "@/ui/withElements.tsx";

type Start = {
  startsAt: EpochMs;
  /** The zone that the mentor is in then. */
  mentorTimeZone: string;
  /** What it is, if they are not all the same. */
  what?: string | undefined;
};

type SessionTimesListProps = {
  /** Full name. */
  mentorName: string;
  timeZone: string;
  sessions: readonly Start[];
};

/** The starts of several sessions by the reader's clock, and by the mentor's where it differs. */
export function SessionTimesList({ mentorName, timeZone, sessions }: SessionTimesListProps) {
  return (
    <>
      <p className="text-sm text-ink-soft">{bookTogether.zone(zoneLabel(timeZone, sessions[0]?.startsAt))}</p>
      <ol className="mt-1 space-y-1">
        {sessions.map((session) => (
          <li key={session.startsAt} className="leading-snug">
            <strong className="font-semibold">{formatDayAndTime(session.startsAt, timeZone)}</strong>
            {session.what && <span className="block text-sm wrap-anywhere">{session.what}</span>}
            <MentorsTime {...session} mentorName={mentorName} timeZone={timeZone} />
          </li>
        ))}
      </ol>
    </>
  );
}

type MentorsTimeProps = Omit<Start, "what"> & { mentorName: string; timeZone: string };

/** Nothing where both clocks show the same. */
export function MentorsTime({ mentorName, timeZone, startsAt, mentorTimeZone }: MentorsTimeProps) {
  if (sameClock(timeZone, mentorTimeZone, startsAt)) return null;
  const isSameDay = wallClock(startsAt, timeZone).date === wallClock(startsAt, mentorTimeZone).date;
  const time = (isSameDay ? formatTime : formatDayAndTime)(startsAt, mentorTimeZone);
  return (
    <span className="block text-sm text-ink-soft">
      {withElements(bookTogether.forMentor, { time, mentor: <bdi>{firstName(mentorName)}</bdi> })}
    </span>
  );
}
