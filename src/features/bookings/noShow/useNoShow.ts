import { useQueryClient } from "@tanstack/react-query";
import type { Booking } from "#contract/bookings.ts";
import { noShowDialogs } from "#words/noShow.ts";
import type { SessionSide } from "@/features/bookings/sessionSide.ts";
import { queryKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { sessionKey } from "@/lib/sessionAccess.ts";
import { toast } from "@/lib/toast.ts";
import { answerNoShow, claimNoShow, withdrawNoShow } from "./api.ts";

/** The steps of a no-show report. Each updates the queries of the app and throws ApiProblem when it is refused. */
export function useNoShow({ booking, access, other }: SessionSide) {
  const queryClient = useQueryClient();
  const take = async (request: Promise<Booking>, done: string) => {
    const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.bookings });
    queryClient.setQueryData(sessionKey(access), await refreshIfRefused(request, refresh));
    toast.success(done);
    await refresh();
  };
  const { claim, agree, dispute, withdraw } = noShowDialogs;
  return {
    claim: (message: string) => take(claimNoShow(booking.id, message), claim.done(other.name)),
    agree: (message: string) => take(answerNoShow(booking.id, "agree", message), agree.done(other.name)),
    dispute: (message: string) =>
      take(answerNoShow(booking.id, "dispute", message), dispute.done(other.name)),
    withdraw: () => take(withdrawNoShow(booking.id), withdraw.done()),
  };
}
