import { useQueryClient } from "@tanstack/react-query";
import { useLiveTopic } from "@/lib/live/useLiveTopic.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

/** Asks for a mentor's free times again whenever somebody books or the mentor changes something. */
export function useLiveAvailability(mentorId: string): void {
  const queryClient = useQueryClient();
  useLiveTopic(`mentor:${mentorId}`, () => {
    void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentorId) });
  });
}
