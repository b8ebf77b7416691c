import { useQueryClient } from "@tanstack/react-query";
import { cancelSession, type SessionAccess } from "@/features/bookings/page/api.ts";
import { sessionKey } from "@/features/bookings/page/queries.ts";
import { ApiProblem } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";

/** Cancels a session and tells the rest of the app. @throws ApiProblem */
export function useCancelSession(access: SessionAccess, mentorId: string) {
  const queryClient = useQueryClient();
  return async (reason: string): Promise<void> => {
    try {
      queryClient.setQueryData(sessionKey(access), await cancelSession(access, reason));
    } catch (thrown) {
      // It may have moved on in the meantime: the page then shows how.
      if (thrown instanceof ApiProblem && thrown.status === 409)
        void queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
      throw thrown;
    }
    await queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
    void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentorId) });
  };
}
