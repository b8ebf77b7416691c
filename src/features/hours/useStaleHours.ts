import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import type { OwnHours } from "#contract/hours.ts";
import type { RequestOptions } from "@/lib/api.ts";
import { isStale, useHoursSaver } from "./hoursRevision.ts";
import { allHoursQuery } from "./queries.ts";

/**
 * Saves a form's part of the hours, and notices when they were changed elsewhere since `seen`: `save` then answers null
 * and `stale` is on.
 */
export function useStaleHours(mentorId: string, seen: RefObject<number>) {
  const queryClient = useQueryClient();
  const send = useHoursSaver(mentorId);
  const [stale, setStale] = useState(false);
  const load = (): Promise<OwnHours> => queryClient.fetchQuery({ ...allHoursQuery(mentorId), staleTime: 0 });

  return {
    stale,
    async save<T>(call: (options: RequestOptions) => Promise<T>): Promise<T | null> {
      try {
        const saved = await send(seen.current, call);
        setStale(false);
        return saved;
      } catch (problem) {
        if (!isStale(problem)) throw problem;
        setStale(true);
        return null;
      }
    },
    /** Fetches the newer hours. What is saved next is saved over them. */
    async loadNewer(): Promise<OwnHours> {
      const hours = await load();
      seen.current = hours.hours_revision;
      setStale(false);
      return hours;
    },
  };
}
