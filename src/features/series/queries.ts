import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { CheckSeries, SeriesCheck } from "#contract/series.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

const HALF_MINUTE_MS = 30_000;

/** All dates of a series, judged now. Below the mentor's free times: what changes these may change it. */
export const seriesCheckQuery = (mentorId: string, question: CheckSeries) =>
  queryOptions({
    queryKey: [...queryKeys.slots(mentorId), "series", question],
    staleTime: HALF_MINUTE_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      api.post<SeriesCheck>(`/api/v1/mentors/${encodeURIComponent(mentorId)}/series/check`, question, {
        signal,
      }),
  });
