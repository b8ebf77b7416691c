import { useQueryClient } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import { sessionKey } from "@/features/bookings/page/queries.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { ApiProblem } from "@/lib/api.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { answerNoShow, claimNoShow, withdrawNoShow } from "./api.ts";

/** The steps of who did not come, each told to the rest of the app. They throw ApiProblem. */
export function useNoShow({ booking, access, other }: SessionSide) {
  const queryClient = useQueryClient();
  const take = async (step: Promise<Booking>, done: string) => {
    try {
      queryClient.setQueryData(sessionKey(access), await step);
      toast.success(done);
    } catch (thrown) {
      // It may have moved on in the meantime: the page then shows how.
      if (thrown instanceof ApiProblem && thrown.status < 500)
        void queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
      throw thrown;
    }
    await queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
  };
  return {
    claim: (reason: string) => take(claimNoShow(booking.id, reason), `${other.name} is asked for an answer.`),
    agree: (reason: string) => take(answerNoShow(booking.id, "agree", reason), `${other.name} is told.`),
    dispute: (reason: string) => take(answerNoShow(booking.id, "dispute", reason), `${other.name} is told.`),
    withdraw: () => take(withdrawNoShow(booking.id), "You have taken it back."),
  };
}
