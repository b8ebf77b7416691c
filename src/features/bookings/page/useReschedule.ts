import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type EpochMs, formatInstant } from "#scheduling/units.ts";
import { moveSeries } from "#words/ownSeries.ts";
import { reschedule } from "#words/sessionPage.ts";
import { notified } from "#words/sessions.ts";
import { rescheduleSeries } from "@/features/bookings/series/api.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { ApiProblem } from "@/lib/api.ts";
import { newIdempotencyKey } from "@/lib/idempotencyKey.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { sessionKey } from "@/lib/sessionAccess.ts";
import { wallClock } from "@/lib/time.ts";
import { toast } from "@/lib/toast.ts";
import { needZones } from "@/lib/zones/askZones.ts";
import { rescheduleSession } from "./api.ts";

/** The steps of rescheduling. */
export type MoveStep = { name: "time"; startsAt: EpochMs | null } | { name: "confirm"; startsAt: EpochMs };

/** Reschedules a session. If the time is no longer free, it goes back to the times; other refusals stay at the confirmation. */
export function useReschedule({ booking, access, other }: SessionSide, onMoved: () => void) {
  const queryClient = useQueryClient();
  const [step, setStep] = useState<MoveStep>({ name: "time", startsAt: null });
  const [refusal, setRefusal] = useState<ApiProblem | null>(null);
  const [isMoving, setIsMoving] = useState(false);
  // The same move sent twice carries the same key.
  const lastTry = useRef({ move: "", key: "" });

  /** @param withLater whether the later sessions of its series move too */
  const move = async (startsAt: EpochMs, timezone: string, reason: string, withLater: boolean) => {
    setIsMoving(true);
    setRefusal(null);
    // The server compares date and time with the instant, so they must follow its zone rules.
    await needZones([timezone]);
    const { date, time } = wallClock(startsAt, timezone);
    const wanted = {
      scheduled_date: date,
      scheduled_time: time,
      timezone,
      starts_at: formatInstant(startsAt),
      ...(reason && { reason }),
    };
    const asText = JSON.stringify(wanted);
    if (lastTry.current.move !== asText) lastTry.current = { move: asText, key: newIdempotencyKey() };
    try {
      if (withLater && booking.series_id !== null) {
        const { changed } = await rescheduleSeries(booking.series_id, {
          from_place: booking.series_place ?? 1,
          starts_at: wanted.starts_at,
          timezone,
          ...(reason && { reason }),
        });
        toast.success(moveSeries.done(changed), { description: notified(other.name) });
      } else {
        queryClient.setQueryData(
          sessionKey(access),
          await rescheduleSession(access, wanted, lastTry.current.key),
        );
        toast.success(reschedule.done, { description: notified(other.name) });
      }
      onMoved();
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
      setRefusal(thrown);
      if (!thrown.isTemporary) lastTry.current = { move: "", key: "" };
      // Of a series, the other sessions may be in the way: the step says which.
      if (isAboutTime(thrown) && !thrown.said.refused_sessions) setStep({ name: "time", startsAt: null });
    } finally {
      setIsMoving(false);
      // Whatever the response, the session and the free times may have changed.
      void queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
      void queryClient.invalidateQueries({ queryKey: queryKeys.slots(booking.expert_id) });
    }
  };

  return {
    step,
    refusal,
    isMoving,
    select: (startsAt: EpochMs) => setStep({ name: "time", startsAt }),
    review: (startsAt: EpochMs) => {
      setRefusal(null);
      setStep({ name: "confirm", startsAt });
    },
    back: () => setStep(({ startsAt }) => ({ name: "time", startsAt })),
    move,
  };
}

/** Whether another time would help. */
function isAboutTime({ code }: ApiProblem): boolean {
  return code === "slot_taken" || code === "slot_unavailable";
}
