import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useLiveTopic } from "@/lib/live/useLiveTopic.ts";

/** Reads the sessions of a mentor again when a seat is taken or freed. @param mentorId null while it is not known */
export function useLiveGroup(mentorId: string | null, queryKey: QueryKey): void {
  const queryClient = useQueryClient();
  useLiveTopic(mentorId === null ? null : `mentor:${mentorId}`, () => {
    void queryClient.invalidateQueries({ queryKey });
  });
}
