import { queryOptions } from "@tanstack/react-query";
import type { MentorRoom, OwnMeetingPlaces } from "#contract/meetings.ts";
import { api } from "@/lib/api.ts";
import { ownKeys } from "@/lib/queryKeys.ts";
import { type SessionAccess, sessionKey } from "@/lib/sessionAccess.ts";
import { readJoins } from "./api.ts";

/** The mentor's own meeting room. */
export const ownRoomQuery = (userId: string) =>
  queryOptions({
    queryKey: ownKeys.room(userId),
    queryFn: ({ signal }) => api.get<MentorRoom>("/api/v1/mentors/me/room", { signal }),
  });

/** How the mentor's own sessions take place. */
export const ownPlacesQuery = (userId: string) =>
  queryOptions({
    // Below the room, which the places may need.
    queryKey: [...ownKeys.room(userId), "places"],
    queryFn: ({ signal }) => api.get<OwnMeetingPlaces>("/api/v1/mentors/me/meeting-places", { signal }),
  });

export const joinsQuery = (access: SessionAccess) =>
  queryOptions({
    queryKey: [...sessionKey(access), "joins"],
    queryFn: ({ signal }) => readJoins(access, signal),
  });
