import type { RefusedSession } from "#contract/slots.ts";
import { dateRefusals } from "#words/baskets.ts";
import { moveSeries } from "#words/ownSeries.ts";
import { formatDayAndTime } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";

type RefusedMovesProps = { sessions: readonly RefusedSession[]; timeZone: string };

/** Which sessions of a series were in the way of moving them. */
export function RefusedMoves({ sessions, timeZone }: RefusedMovesProps) {
  return (
    <Alert tone="warning" className="mb-5" title={moveSeries.refused(sessions.length)}>
      <ul className="list-disc pl-5">
        {sessions.map(({ starts_at, verdict }) => (
          <li key={starts_at}>
            {formatDayAndTime(starts_at, timeZone)}: {verdict && dateRefusals[verdict]}
          </li>
        ))}
      </ul>
      <p className="mt-1">{moveSeries.kept}</p>
    </Alert>
  );
}
