import type { ReactNode } from "react";
import { availableTimes } from "#words/book.ts";
import { cn } from "@/lib/classNames.ts";
import { withElements } from "@/ui/withElements.tsx";

/** Classes of a time, whether it is a button or, before the app has loaded, a link. */
export function timeClasses(selected: boolean): string {
  return cn(
    "tap relative flex flex-col items-start justify-center rounded-control border px-3 py-1.5 text-left leading-snug transition-colors",
    selected
      ? "border-primary bg-primary text-on-primary"
      : "border-line-strong bg-surface hover:border-primary hover:bg-primary-soft",
  );
}

type TimeFaceProps = {
  /** null: the list around it is that of one day. */
  day: ReactNode;
  time: ReactNode;
  /** null: both clocks show the same. */
  mentorTime: ReactNode;
  /** The mentor's time is there, but does not show. */
  isSameClock?: boolean;
  mentorName: string;
  /** Of a group session. */
  seatsLeft: number | undefined;
  selected: boolean;
};

/** What a time shows. */
export function TimeFace({
  day,
  time,
  mentorTime,
  isSameClock,
  mentorName,
  seatsLeft,
  selected,
}: TimeFaceProps) {
  const small = cn("text-xs", !selected && "text-ink-soft");
  return (
    <>
      {day !== null && (
        <span className="text-sm font-semibold">
          {day}
          <span className="sr-only">, </span>
        </span>
      )}
      <span className="font-bold tabular-nums">{time}</span>
      {mentorTime !== null && (
        <span className={small} hidden={isSameClock}>
          <span className="sr-only">, </span>
          {withElements(availableTimes.forMentor, { time: mentorTime, mentor: <bdi>{mentorName}</bdi> })}
        </span>
      )}
      {seatsLeft !== undefined && (
        <span className={small}>
          <span className="sr-only">, </span>
          {availableTimes.seatsLeft(seatsLeft)}
        </span>
      )}
    </>
  );
}
