import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import type { OwnHours } from "#contract/ownHours.ts";
import type { RequestOptions } from "@/lib/api.ts";
import { isStale, useHoursSaver } from "./hoursRevision.ts";
import { allHoursQuery } from "./queries.ts";

/**
 * Saves a form's part of the hours. If the hours were changed elsewhere since revision `base`, `save` returns null and sets
 * `stale`.
 */
export function useStaleHours(mentorId: string, base: RefObject<number>) {
  const queryClient = useQueryClient();
  const send = useHoursSaver(mentorId);
  const [stale, setStale] = useState(false);
  const load = (): Promise<OwnHours> => queryClient.fetchQuery({ ...allHoursQuery(mentorId), staleTime: 0 });

  return {
    stale,
    async save<T>(call: (options: RequestOptions) => Promise<T>): Promise<T | null> {
      try {
        const saved = await send(base.current, call);
        setStale(false);
        return saved;
      } catch (problem) {
        if (!isStale(problem)) throw problem;
        setStale(true);
        return null;
      }
    },
    /** Fetches the newer hours; the next save overwrites them. */
    async loadNewer(): Promise<OwnHours> {
      const hours = await load();
      base.current = hours.hours_revision;
      setStale(false);
      return hours;
    },
  };
}
