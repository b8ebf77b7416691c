import { useEffect, useRef } from "react";
import type { CheckedStart } from "#contract/groupSessions.ts";
import type { LocalDate } from "#scheduling/units.ts";
import { groupForms } from "#words/groupSessions.ts";
import { dayAndTime } from "#words/times.ts";
import { cn } from "@/lib/classNames.ts";
import { formatClock } from "@/lib/sessionTime.ts";
import { formatDate } from "@/lib/time.ts";
import { Button } from "@/ui/Button.tsx";
import { StartNote } from "./StartNote.tsx";

type DateListProps = {
  dates: readonly LocalDate[];
  skipped: ReadonlySet<LocalDate>;
  /** Which of them the API has just refused. */
  refused: ReadonlySet<LocalDate>;
  /** What each would meet. */
  checked: ReadonlyMap<LocalDate, CheckedStart>;
  /** HH:MM, or empty. */
  time: string;
  error: string | undefined;
  onSkip: (skipped: ReadonlySet<LocalDate>) => void;
};

const refusedStart = { verdict: "taken", is_refused: true } as const;

/** Every date with a tick and what it would meet. Those at which another session is in the way can be left out together. */
export function DateList({ dates, skipped, refused, checked, time, error, onSkip }: DateListProps) {
  const list = useRef<HTMLUListElement>(null);
  const chosen = dates.filter((date) => !skipped.has(date));
  const taken = new Set(chosen.filter((date) => refused.has(date) || checked.get(date)?.is_refused === true));
  const hasRefused = refused.size > 0;
  const isWarned = chosen.some((date) => {
    const start = checked.get(date);
    return start && start.verdict !== "free" && !start.is_refused;
  });
  // They may be below the fold.
  useEffect(() => {
    if (!hasRefused) return;
    const first = list.current?.querySelector<HTMLInputElement>("[aria-invalid]");
    first?.focus({ preventScroll: true });
    first?.closest("li")?.scrollIntoView({ block: "center" });
  }, [hasRefused]);
  return (
    <fieldset>
      <legend className="mb-1.5 font-semibold">{groupForms.dates}</legend>
      <p className="mb-2 text-sm text-ink-soft">{groupForms.datesHint}</p>
      <ul ref={list} className="divide-y divide-line rounded-control border border-line-strong bg-surface">
        {dates.map((date) => (
          <li key={date}>
            <label className="tap flex items-center gap-3 px-3 py-2">
              <input
                type="checkbox"
                className="checkbox"
                checked={!skipped.has(date)}
                aria-invalid={taken.has(date) || undefined}
                onChange={({ target }) => {
                  const next = new Set(skipped);
                  if (target.checked) next.delete(date);
                  else next.add(date);
                  onSkip(next);
                }}
              />
              <span className={cn("min-w-0 tabular-nums", skipped.has(date) && "text-ink-soft line-through")}>
                <span className="block">
                  {time === ""
                    ? formatDate(date, "full")
                    : dayAndTime(formatDate(date, "full"), formatClock(time))}
                </span>
                {!skipped.has(date) && (
                  <StartNote start={refused.has(date) ? refusedStart : checked.get(date)} />
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {isWarned && <p className="mt-1.5 text-sm text-ink-soft">{groupForms.allTheSame}</p>}
      {error && <p className="mt-1.5 text-sm font-semibold text-bad">{error}</p>}
      {taken.size > 0 && taken.size < dates.length && (
        <Button
          variant="soft"
          size="sm"
          className="mt-2"
          onClick={() => onSkip(new Set([...skipped, ...taken]))}
        >
          {groupForms.skipTaken(taken.size)}
        </Button>
      )}
    </fieldset>
  );
}
