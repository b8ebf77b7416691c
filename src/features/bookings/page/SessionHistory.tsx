import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import type { BookingEvent } from "#contract/bookings.ts";
import { history } from "#words/bookingHistory.ts";
import { controls } from "#words/controls.ts";
import { yourTimeZone } from "#words/sessions.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { formatDayAndTime, zoneLabel } from "@/lib/time.ts";
import { Button } from "@/ui/Button.tsx";
import { Skeleton } from "@/ui/Skeleton.tsx";
import { withElements } from "@/ui/withElements.tsx";
import { historyLine } from "./historyLine.ts";
import { historyQuery } from "./queries.ts";

/** The events of a session, oldest first. */
export function SessionHistory({ side }: { side: SessionSide }) {
  const { data: events, isPending, refetch } = useQuery(historyQuery(side.access));
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="text-heading">
        {history.title}
      </h2>
      <p className="mb-4 text-sm text-ink-soft">{yourTimeZone(zoneLabel(side.timeZone))}</p>
      {isPending && (
        <div role="status" className="space-y-3">
          <span className="sr-only">{history.loading}</span>
          <Skeleton className="h-6 w-56" />
          <Skeleton className="h-6 w-48" />
        </div>
      )}
      {!isPending && !events && (
        <p role="alert" className="flex flex-wrap items-center gap-3">
          {history.failed}
          <Button variant="secondary" size="sm" onClick={() => refetch()}>
            {controls.tryAgain}
          </Button>
        </p>
      )}
      {events && (
        <ol aria-labelledby={id} className="ml-1.5">
          {events.map((event) => (
            <HistoryLine key={event.id} event={event} side={side} />
          ))}
        </ol>
      )}
    </section>
  );
}

function HistoryLine({ event, side }: { event: BookingEvent; side: SessionSide }) {
  const { timeZone, role, booking } = side;
  return (
    <li className="relative border-l-2 border-line pb-5 pl-5 last:border-transparent last:pb-0">
      <span
        aria-hidden
        className="absolute top-1.5 -left-[7px] size-3 rounded-full border-2 border-paper bg-primary"
      />
      <p className="font-semibold">{historyLine(event, role, booking)}</p>
      {event.from_starts_at && event.to_starts_at && (
        <p className="text-sm">
          {withElements(history.moved, {
            from: <When instant={event.from_starts_at} timeZone={timeZone} />,
            to: <When instant={event.to_starts_at} timeZone={timeZone} />,
          })}
        </p>
      )}
      {event.reason && (
        <blockquote className="mt-1 rounded-control bg-sunken px-3 py-2 whitespace-pre-line">
          {event.reason}
        </blockquote>
      )}
      <p className="text-sm text-ink-soft">
        <When instant={event.created_at} timeZone={timeZone} />
      </p>
    </li>
  );
}

function When({ instant, timeZone }: { instant: string; timeZone: string }) {
  return (
    <time dateTime={instant} className="tabular-nums whitespace-nowrap">
      {formatDayAndTime(instant, timeZone)}
    </time>
  );
}
