import { useQueryClient } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import { sessionKey } from "@/features/bookings/page/queries.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { toast } from "@/lib/toast.ts";
import { answerNoShow, claimNoShow, withdrawNoShow } from "./api.ts";

/** The steps of who did not come, each told to the rest of the app. They throw ApiProblem. */
export function useNoShow({ booking, access, other }: SessionSide) {
  const queryClient = useQueryClient();
  const take = async (step: Promise<Booking>, done: string) => {
    const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
    queryClient.setQueryData(sessionKey(access), await refreshIfRefused(step, refresh));
    toast.success(done);
    await refresh();
  };
  return {
    claim: (reason: string) => take(claimNoShow(booking.id, reason), `${other.name} is asked for an answer.`),
    agree: (reason: string) => take(answerNoShow(booking.id, "agree", reason), `${other.name} is told.`),
    dispute: (reason: string) => take(answerNoShow(booking.id, "dispute", reason), `${other.name} is told.`),
    withdraw: () => take(withdrawNoShow(booking.id), "You have taken it back."),
  };
}
