import { useQueryClient } from "@tanstack/react-query";
import { useLiveTopic } from "@/lib/live/useLiveTopic.ts";
import { allWaitlists } from "./queries.ts";

/** Reads the reader's places again when a person joins or leaves a queue of the mentor: those behind move up. */
export function useLivePlaces(mentorId: string): void {
  const queryClient = useQueryClient();
  useLiveTopic(`mentor:${mentorId}`, () => {
    void queryClient.invalidateQueries({ queryKey: allWaitlists });
  });
}
