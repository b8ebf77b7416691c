import { skipToken, useQuery } from "@tanstack/react-query";
import type { CheckedStart } from "#contract/groupSessions.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import type { TypedDate } from "@/lib/time.ts";
import { useDebounced } from "@/lib/useDebounced.ts";
import { checkStarts } from "./api.ts";

const TYPING_MS = 300;

interface TypedStarts {
  duration: string | number;
  scheduled_date: TypedDate;
  scheduled_time: string;
  weeks: string;
  /** The session that would be moved there. */
  moved?: string;
}

/** What sessions would meet at the times that are typed, one for each week; none while they are not whole. */
export function useCheckedStarts(typed: TypedStarts, isWhole: boolean): readonly CheckedStart[] {
  const { duration, scheduled_date, scheduled_time, weeks, moved } = typed;
  const query = new URLSearchParams({
    duration: String(duration),
    scheduled_date,
    scheduled_time,
    weeks: weeks.trim(),
    ...(moved && { moved }),
  }).toString();
  const wanted = isWhole && scheduled_time !== "" ? query : "";
  const asked = useDebounced(wanted, TYPING_MS);
  const { data } = useQuery({
    queryKey: [...queryKeys.bookings, "checked-starts", asked],
    queryFn: asked === "" ? skipToken : ({ signal }) => checkStarts(asked, signal),
  });
  return asked === wanted && data ? data : [];
}
