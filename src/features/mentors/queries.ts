import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { MentorPage } from "#contract/mentors.ts";
import type { UsernameAnswer } from "#contract/onboarding.ts";
import { api } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

const HALF_MINUTE_MS = 30_000;

export type MentorFilter = { q?: string; expertise?: string };

export const mentorsQuery = (filter: MentorFilter) =>
  infiniteQueryOptions({
    queryKey: [...queryKeys.mentors, filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<MentorPage>("/api/v1/mentors", { query: { ...filter, cursor: pageParam, limit: 12 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Whether a username is available. */
export const usernameQuery = (username: string) =>
  queryOptions({
    queryKey: ["usernames", username],
    staleTime: HALF_MINUTE_MS,
    queryFn: ({ signal }) =>
      api.get<UsernameAnswer>(`/api/v1/usernames/${encodeURIComponent(username)}`, { signal }),
  });
