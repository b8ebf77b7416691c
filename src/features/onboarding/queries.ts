import { queryOptions } from "@tanstack/react-query";
import type { MentorSetup } from "#contract/onboarding.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";

/** Whether students can book, and what the page still lacks. */
export const setupQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.setup(userId),
    queryFn: ({ signal }) => api.get<MentorSetup>("/api/v1/mentors/me/setup", { signal }),
  });
