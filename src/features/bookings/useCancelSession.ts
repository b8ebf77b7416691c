import { useQueryClient } from "@tanstack/react-query";
import { cancelSession } from "@/features/bookings/page/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { type SessionAccess, sessionKey } from "@/lib/sessionAccess.ts";

/** Cancels a session and invalidates the queries that show it. @throws ApiProblem */
export function useCancelSession(access: SessionAccess, mentorId: string) {
  const queryClient = useQueryClient();
  return async (reason: string): Promise<void> => {
    const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
    const cancelled = await refreshIfRefused(cancelSession(access, reason), refresh);
    queryClient.setQueryData(sessionKey(access), cancelled);
    await refresh();
    void queryClient.invalidateQueries({ queryKey: queryKeys.slots(mentorId) });
  };
}
