import { useId } from "react";
import type {
  CalendarConnection,
  ConnectedCalendar,
  UpdateConnectedCalendar,
} from "#contract/calendarConnections.ts";
import { connectedCalendars, connectionHealth } from "#words/calendarConnections.ts";
import { formatShortDay } from "@/lib/time.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Badge } from "@/ui/Badge.tsx";
import { SwitchControl } from "@/ui/Switch.tsx";
import { useAction } from "@/ui/useAction.ts";
import { updateCalendar } from "./api.ts";

type ConnectedCalendarsProps = {
  connection: CalendarConnection;
  isMentor: boolean;
  onChange: () => Promise<void>;
};

/** The calendars of a connection, and what each is for. */
export function ConnectedCalendars({ connection, isMentor, onChange }: ConnectedCalendarsProps) {
  const { calendars, name, permission } = connection;
  const choose = useAction(async (calendar: ConnectedCalendar, change: UpdateConnectedCalendar) => {
    await updateCalendar(calendar.id, change);
    await onChange();
  });
  const pending = choose.pendingArgs;
  if (calendars.length === 0) {
    return <p className="border-t border-line p-4 text-ink-soft">{connectedCalendars.none}</p>;
  }
  return (
    <ul aria-label={connectedCalendars.of(name)} className="divide-y divide-line border-t border-line">
      {calendars.map((calendar) => (
        <CalendarItem
          key={calendar.id}
          mayWrite={permission !== "read"}
          calendar={pending?.[0].id === calendar.id ? { ...calendar, ...pending[1] } : calendar}
          isMentor={isMentor}
          isPending={choose.isPending}
          onChoose={(change) => void choose.run(calendar, change)}
        />
      ))}
    </ul>
  );
}

type CalendarItemProps = {
  /** Whether the connection's owner has allowed it. */
  mayWrite: boolean;
  calendar: ConnectedCalendar;
  isMentor: boolean;
  isPending: boolean;
  onChoose: (change: UpdateConnectedCalendar) => void;
};

function CalendarItem({ mayWrite, calendar, isMentor, isPending, onChoose }: CalendarItemProps) {
  const id = useId();
  const timeZone = useViewerTimeZone();
  const { name, color, is_writable, counts_as_busy, receives_sessions, missing_since } = calendar;
  const { sessions_problem: problem, sessions_problem_detail: detail } = calendar;
  return (
    <li className="space-y-1 px-4 py-3">
      <div className="flex min-w-0 items-baseline gap-2.5">
        <span
          aria-hidden
          className="size-3.5 shrink-0 translate-y-0.5 rounded-full border border-line-strong bg-line-strong"
          style={color ? { backgroundColor: color } : undefined}
        />
        <span className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="min-w-0 font-semibold wrap-anywhere">{name}</span>
          {missing_since !== null ? (
            <Badge tone="accent">{connectedCalendars.gone}</Badge>
          ) : (
            !is_writable && <Badge>{connectedCalendars.readOnly}</Badge>
          )}
        </span>
      </div>
      {missing_since && (
        <p>
          {connectedCalendars.missing[!counts_as_busy ? "unused" : isMentor ? "mentor" : "student"](
            formatShortDay(missing_since, timeZone),
          )}
        </p>
      )}
      <label htmlFor={`${id}busy`} className="tap flex items-center justify-between gap-4">
        <span aria-hidden>{connectedCalendars.busy}</span>
        <span className="sr-only">{connectedCalendars.busyOf(name)}</span>
        <SwitchControl
          id={`${id}busy`}
          checked={counts_as_busy}
          disabled={isPending}
          onChange={(event) => onChoose({ counts_as_busy: event.currentTarget.checked })}
        />
      </label>
      {isMentor && mayWrite && is_writable && missing_since === null && (
        <label htmlFor={`${id}sessions`} className="tap flex items-center justify-between gap-4">
          <span aria-hidden>{connectedCalendars.sessions}</span>
          <span className="sr-only">{connectedCalendars.sessionsOf(name)}</span>
          <input
            id={`${id}sessions`}
            type="radio"
            name="receives_sessions"
            checked={receives_sessions}
            disabled={isPending}
            onChange={() => onChoose({ receives_sessions: true })}
            className="mr-3.5 size-5 shrink-0 accent-primary"
          />
        </label>
      )}
      {isMentor && receives_sessions && (problem || !mayWrite) && (
        <div className="text-sm">
          <p className="text-bad">
            {mayWrite ? sessionsProblem(problem) : connectedCalendars.sessionsProblem.notAllowed}
          </p>
          {mayWrite && detail && (
            <p className="wrap-anywhere text-ink-soft">{connectionHealth.says(detail)}</p>
          )}
        </div>
      )}
      {isMentor && receives_sessions && (
        <button
          type="button"
          disabled={isPending}
          onClick={() => onChoose({ receives_sessions: false })}
          className="tap text-sm font-semibold text-primary-text underline underline-offset-4"
        >
          {connectedCalendars.sessionsNowhere}
        </button>
      )}
    </li>
  );
}

function sessionsProblem(problem: ConnectedCalendar["sessions_problem"]): string {
  const { forbidden, login_refused, other } = connectedCalendars.sessionsProblem;
  if (problem === "forbidden") return forbidden;
  return problem === "login_refused" ? login_refused : other;
}
