import { useQuery } from "@tanstack/react-query";
import type { DayExplanation } from "#contract/ownHours.ts";
import type { LocalDate, Minutes } from "#scheduling/units.ts";
import { controls } from "#words/controls.ts";
import { sessionLength } from "#words/durations.ts";
import { dayExplanation } from "#words/hours.ts";
import { ownStarts } from "#words/slots.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { formatTimeRange } from "@/lib/sessionTime.ts";
import { formatDate, formatTime, zoneCity } from "@/lib/time.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Dialog, DialogBody } from "@/ui/Dialog.tsx";
import { ProblemState } from "@/ui/ProblemState.tsx";
import { Loading } from "@/ui/Spinner.tsx";
import { explainDay } from "./api.ts";

type WhyDialogProps = {
  mentorId: string;
  date: LocalDate;
  duration: Minutes;
  hasDrafts: boolean;
  onClose: () => void;
};

/** Lists every start of a day with the engine's verdict and the sessions that block it. */
export function WhyDialog({ mentorId, date, duration, hasDrafts, onClose }: WhyDialogProps) {
  const explanation = useQuery({
    queryKey: [...queryKeys.slots(mentorId), "explanation", date, duration],
    queryFn: ({ signal }) => explainDay(date, duration, signal),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={dayExplanation.title(formatDate(date))}
      description={dayExplanation[hasDrafts ? "sessionsWithoutDrafts" : "sessions"](sessionLength(duration))}
    >
      <DialogBody>
        {explanation.isPending && <Loading>{controls.loading}</Loading>}
        {explanation.isError && (
          <ProblemState
            title={dayExplanation.failed}
            error={explanation.error}
            onRetry={explanation.refetch}
          />
        )}
        {explanation.data && <Explanation day={explanation.data} />}
      </DialogBody>
    </Dialog>
  );
}

function Explanation({ day: { summary, timezone, starts } }: { day: DayExplanation }) {
  return (
    <>
      <p className="text-lg font-semibold">{summary}</p>
      {starts.length > 0 && (
        <>
          <p className="mt-1 mb-3 text-sm text-ink-soft">{dayExplanation.startsIn(zoneCity(timezone))}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within the keyboard's reach. */}
          <ul aria-label={dayExplanation.starts} tabIndex={0} className="divide-y divide-line">
            {starts.map((start) => (
              <li key={start.starts_at} className="grid grid-cols-[5.5rem_1fr] gap-x-3 py-2">
                <span className="font-semibold tabular-nums">{formatTime(start.starts_at, timezone)}</span>
                <span>
                  <Badge tone={start.verdict === "free" ? "good" : "neutral"}>
                    {ownStarts[start.verdict]}
                  </Badge>
                  {start.sessions.map((session) => (
                    <span key={session.booking_id} className="mt-1 block text-sm text-ink-soft">
                      {dayExplanation[session.status === "pending" ? "request" : "session"](
                        session.student_name,
                        formatTimeRange(session.starts_at, session.ends_at, timezone),
                      )}
                    </span>
                  ))}
                  {start.events.map(({ calendar, title, is_all_day, starts_at, ends_at }) => (
                    <span
                      key={`${calendar} ${starts_at} ${ends_at} ${title}`}
                      className="mt-1 block text-sm text-ink-soft"
                    >
                      {dayExplanation.event(
                        title ? dayExplanation.titled(title, calendar) : dayExplanation.calendar(calendar),
                        is_all_day ? dayExplanation.allDay : formatTimeRange(starts_at, ends_at, timezone),
                      )}
                    </span>
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
