import { queryOptions } from "@tanstack/react-query";
import type { MentorSummary } from "#contract/mentors.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { readList } from "@/lib/readList.ts";

/** All favourites, the latest first; there are at most 200. */
export const favouritesQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.favourites(userId),
    queryFn: ({ signal }) => readList<MentorSummary>("/api/v1/me/favourites", signal),
  });
