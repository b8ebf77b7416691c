import { queryOptions } from "@tanstack/react-query";
import type { MentorRoom } from "#contract/meetings.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";

/** The mentor's own meeting room. */
export const ownRoomQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.room(userId),
    queryFn: ({ signal }) => api.get<MentorRoom>("/api/v1/mentors/me/room", { signal }),
  });
