import { queryOptions } from "@tanstack/react-query";
import type { Mentor } from "#contract/mentors.ts";
import { api } from "./api.ts";
import { queryKeys } from "./queryKeys.ts";

/** A mentor with services: the query that nearly every feature uses. */
export const mentorQuery = (idOrUsername: string) =>
  queryOptions({
    queryKey: queryKeys.mentor(idOrUsername),
    queryFn: ({ signal }) =>
      api.get<Mentor>(`/api/v1/mentors/${encodeURIComponent(idOrUsername)}`, { signal }),
  });
