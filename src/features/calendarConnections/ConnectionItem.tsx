import { useId, useState } from "react";
import type { CalendarConnection } from "#contract/calendarConnections.ts";
import type { Minutes } from "#scheduling/units.ts";
import { connectionFix, connectionHealth, connectionPermission } from "#words/calendarConnections.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { sameDay, timeAgo } from "@/lib/sessionTime.ts";
import { formatDayAndTime, formatTime } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { useViewerTimeZone } from "@/lib/zones/viewerTimeZone.ts";
import { Badge } from "@/ui/Badge.tsx";
import { Button, buttonVariants } from "@/ui/Button.tsx";
import { useAction } from "@/ui/useAction.ts";
import { signInPath, syncConnection } from "./api.ts";
import { ConnectedCalendars } from "./ConnectedCalendars.tsx";
import { ConnectionSettings } from "./ConnectionSettings.tsx";
import { type Fix, fixOf, isOwnWords, loginEndsSoon, problemSentence } from "./connectionState.ts";
import { NewLoginForm } from "./NewLoginForm.tsx";

type ConnectionItemProps = {
  connection: CalendarConnection;
  isMentor: boolean;
  staleMinutes: Minutes;
  onChange: () => Promise<void>;
};

const tones = { fine: "good", late: "accent", broken: "bad" } as const;

/** A connection: how it is doing, what mends it, and what its calendars are for. */
export function ConnectionItem({ connection, isMentor, staleMinutes, onChange }: ConnectionItemProps) {
  const id = useId();
  const now = useNow();
  const timeZone = useViewerTimeZone();
  const { name, username, health, problem, problem_detail, broken_since, synced_at, login_ends_at } =
    connection;
  const fix = fixOf(connection, now);
  const since =
    broken_since &&
    (sameDay(broken_since, timeZone, timeZone) && now.getTime() - Date.parse(broken_since) < 12 * 3_600_000
      ? formatTime(broken_since, timeZone)
      : formatDayAndTime(broken_since, timeZone));
  return (
    <li aria-labelledby={id} className="overflow-clip rounded-control border border-line">
      <div className="space-y-2 p-4">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h3 id={id} className="min-w-0 font-semibold wrap-anywhere">
            {name}
          </h3>
          <Badge tone={tones[health]}>
            {health === "broken" && since ? connectionHealth.brokenSince(since) : connectionHealth[health]}
          </Badge>
        </div>
        <p className="text-sm wrap-anywhere text-ink-soft">
          <span>
            {synced_at ? connectionHealth.readAgo(timeAgo(synced_at, now)) : connectionHealth.notRead}
          </span>
          {username && (
            // The dot goes with the address to its line.
            <span className="inline-block">
              <span aria-hidden className="whitespace-pre">
                {" · "}
              </span>
              <span>{username}</span>
            </span>
          )}
        </p>
        {problem && <p>{problemSentence(connection, problem)}</p>}
        {problem === null && health !== "fine" && <p>{connectionHealth.overdue}</p>}
        {problem_detail && (
          <p className="text-sm wrap-anywhere text-ink-soft">
            {connectionHealth[isOwnWords(problem_detail) ? "says" : "found"](problem_detail)}
          </p>
        )}
        {login_ends_at && loginEndsSoon(connection, now) && (
          <p>{connectionHealth.loginEnds(formatDayAndTime(login_ends_at, timeZone))}</p>
        )}
        {fix && <FixButton key={fix} fix={fix} connection={connection} onChange={onChange} />}
        <Permission connection={connection} canAllowMore={isMentor && fix === null} />
      </div>
      <ConnectedCalendars connection={connection} isMentor={isMentor} onChange={onChange} />
      <ConnectionSettings
        connection={connection}
        isMentor={isMentor}
        staleMinutes={staleMinutes}
        onChange={onChange}
      />
    </li>
  );
}

/** What MatePeak may do at a vendor; mentors can allow it to write. */
function Permission({
  connection: { id, kind, permission, problem },
  canAllowMore,
}: {
  connection: CalendarConnection;
  canAllowMore: boolean;
}) {
  // Of a login that does not work, what it allows is no news.
  if (permission === null || problem !== null || (kind !== "google" && kind !== "microsoft")) return null;
  return (
    <>
      <p>{connectionPermission[permission]}</p>
      {permission === "read" && canAllowMore && (
        <a
          href={signInPath(kind, { id, permission: "write" })}
          className={buttonVariants({ variant: "secondary" })}
        >
          {connectionPermission.allowWriting}
        </a>
      )}
    </>
  );
}

/** The one thing that mends it. */
function FixButton({
  fix,
  connection,
  onChange,
}: {
  fix: Fix;
  connection: CalendarConnection;
  onChange: () => Promise<void>;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const again = useAction(
    async () => {
      const { health, problem } = await syncConnection(connection.id);
      await onChange();
      if (health === "fine") toast.success(connectionFix.fixed(connection.name));
      else
        toast.error(connectionFix.stillBroken, {
          description: problem ? problemSentence(connection, problem) : "",
        });
    },
    { failure: connectionFix.stillBroken },
  );
  if (fix === "signIn" && (connection.kind === "google" || connection.kind === "microsoft")) {
    return (
      <a href={signInPath(connection.kind, { id: connection.id })} className={buttonVariants()}>
        {connectionFix.signIn}
      </a>
    );
  }
  if ((fix === "password" || fix === "address") && isOpen) {
    return (
      <NewLoginForm
        connection={connection}
        kind={fix}
        onCancel={() => setIsOpen(false)}
        onSaved={async () => {
          await onChange();
          setIsOpen(false);
          toast.success(connectionFix.fixed(connection.name));
        }}
      />
    );
  }
  return (
    <Button
      pending={again.isPending}
      onClick={() => (fix === "tryAgain" ? void again.run() : setIsOpen(true))}
    >
      {connectionFix[fix]}
    </Button>
  );
}
