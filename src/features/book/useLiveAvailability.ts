import { useQueryClient } from "@tanstack/react-query";
import { useLiveTopic } from "@/lib/live/useLiveTopic.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

/** Reloads a mentor's available times when a booking or the mentor changes them. */
export function useLiveAvailability(mentorId: string): void {
  const queryClient = useQueryClient();
  useLiveTopic(`mentor:${mentorId}`, () => {
    void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentorId) });
  });
}
