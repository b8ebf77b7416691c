import { useQueryClient } from "@tanstack/react-query";
import { queryKeys } from "@/lib/queries";
import { useLiveTopic } from "./useLiveTopic";

/** Asks for a mentor's free times again whenever somebody books or the mentor changes something. */
export function useLiveAvailability(mentorId: string): void {
  const queryClient = useQueryClient();
  useLiveTopic(`mentor:${mentorId}`, () => {
    void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentorId) });
  });
}
