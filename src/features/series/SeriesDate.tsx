import { CircleAlert, Clock } from "lucide-react";
import { useId } from "react";
import type { Mentor } from "#contract/mentors.ts";
import { type Minutes, parseInstant } from "#scheduling/units.ts";
import { dateRefusals } from "#words/baskets.ts";
import { repeat } from "#words/series.ts";
import { MentorsTime } from "@/features/baskets/SessionTimesList.tsx";
import { cn } from "@/lib/classNames.ts";
import { firstName } from "@/lib/names.ts";
import { formatDayAndTime, formatTime, zoneCity } from "@/lib/time.ts";
import { rowId } from "./SeriesCalendar.tsx";
import {
  type ClockNote,
  overlaps,
  type SeriesPicks,
  type SeriesRow,
  withReplacement,
  withTick,
} from "./seriesPicks.ts";

type SeriesDateProps = {
  mentor: Mentor;
  timeZone: string;
  row: SeriesRow;
  rows: readonly SeriesRow[];
  minutes: Minutes;
  picks: SeriesPicks;
  note: ClockNote | undefined;
  onChange: (picks: SeriesPicks) => void;
};

/** A date of a series with its tick, and what is free near it if it is taken. */
export function SeriesDate({ mentor, timeZone, row, rows, minutes, picks, note, onChange }: SeriesDateProps) {
  const legendId = useId();
  const { session, state } = row;
  const { place, verdict, substitutes, mentor_timezone } = session;
  const own = parseInstant(session.starts_at);
  const shown = row.startsAt ?? own;
  const isChosen = row.startsAt !== null;
  const others = substitutes.filter(
    ({ starts_at }) => !overlaps(rows, place, parseInstant(starts_at), minutes),
  );
  const replacement = state === "replaced" ? row.startsAt : null;
  return (
    <li
      className={cn(
        "rounded-control border px-3 py-2",
        isChosen ? "border-primary bg-primary-soft" : "border-line bg-surface",
      )}
    >
      <label className="tap flex items-start gap-3">
        <input
          id={rowId(place)}
          type="checkbox"
          checked={isChosen}
          disabled={state === "open"}
          onChange={({ target }) => onChange(withTick(picks, place, target.checked))}
          className="checkbox mt-px"
        />
        <span className="min-w-0 flex-1 leading-snug">
          <span className={cn("font-semibold", !isChosen && "text-ink-soft line-through")}>
            {formatDayAndTime(shown, timeZone)}
          </span>
          <MentorsTime
            mentorName={mentor.full_name}
            timeZone={timeZone}
            startsAt={shown}
            mentorTimeZone={mentor_timezone}
          />
          {state === "replaced" && (
            <span className="block text-sm text-ink-soft">
              {repeat.insteadOf(formatDayAndTime(own, timeZone))}
            </span>
          )}
          {state === "omitted" && <span className="block text-sm text-ink-soft">{repeat.leftOut}</span>}
        </span>
      </label>
      {note && <Note {...{ mentor, timeZone, row, note }} />}
      {verdict !== null && (
        <div className="mt-1 mb-1 ml-8 text-sm">
          {state === "open" && (
            <p className="flex items-start gap-1.5 font-semibold">
              <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-accent-text" />
              {dateRefusals[verdict]}
            </p>
          )}
          {others.length === 0 && !replacement ? (
            <p className="text-ink-soft">{repeat.noSubstitutes}</p>
          ) : (
            // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot be on the line of its buttons.
            <div role="group" aria-labelledby={legendId} className="mt-1 flex flex-wrap items-center gap-1.5">
              <span id={legendId} className="text-ink-soft">
                {repeat.substitutes}
              </span>
              {others.map(({ starts_at }) => {
                const isPicked = parseInstant(starts_at) === replacement;
                return (
                  <button
                    key={starts_at}
                    type="button"
                    aria-pressed={isPicked}
                    onClick={() => onChange(withReplacement(picks, place, starts_at))}
                    className={cn(
                      "min-h-9 rounded-control border px-3 py-1 font-semibold transition-colors pointer-coarse:min-h-11",
                      isPicked
                        ? "border-primary bg-primary text-on-primary"
                        : "border-line-strong bg-surface hover:border-primary",
                    )}
                  >
                    {formatDayAndTime(starts_at, timeZone)}
                  </button>
                );
              })}
            </div>
          )}
        </div>
      )}
    </li>
  );
}

/** A clock shows another time from this date on. */
function Note({
  mentor,
  timeZone,
  row,
  note,
}: Pick<SeriesDateProps, "mentor" | "timeZone" | "row"> & { note: ClockNote }) {
  const { starts_at, mentor_timezone } = row.session;
  const mentorName = firstName(mentor.full_name);
  const theirs = formatTime(starts_at, mentor_timezone);
  const text = {
    student: () => repeat.clocksForStudent(formatTime(starts_at, timeZone)),
    mentor: () => repeat.clocksForMentor({ time: theirs, mentor: mentorName }),
    travel: () => repeat.travels({ mentor: mentorName, city: zoneCity(mentor_timezone), time: theirs }),
  }[note]();
  return (
    <p className="mt-1 ml-8 flex items-start gap-1.5 text-sm text-accent-text">
      <Clock aria-hidden className="mt-0.5 size-4 shrink-0" />
      {text}
    </p>
  );
}
