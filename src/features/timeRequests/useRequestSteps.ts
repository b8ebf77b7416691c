import { useQueryClient } from "@tanstack/react-query";
import type { TimeRequest } from "#contract/timeRequests.ts";
import type { EpochMs } from "#scheduling/units.ts";
import { timeRequests } from "#words/timeRequests.ts";
import { inboxKeys, queryKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { toast } from "@/lib/toast.ts";
import { useAction } from "@/ui/useAction.ts";
import { acceptTime, declineRequest, suggestTimes, withdrawRequest } from "./api.ts";

/** The steps of a request. All but `accept` throw ApiProblem. */
export function useRequestSteps() {
  const queryClient = useQueryClient();
  const invalidate = (queryKey: readonly unknown[]) => queryClient.invalidateQueries({ queryKey });

  const take = async (step: Promise<TimeRequest>): Promise<void> => {
    await refreshIfRefused(step, () => invalidate(inboxKeys.requests));
    await invalidate(inboxKeys.requests);
  };
  const accept = useAction(async (request: TimeRequest, proposalId: string) => {
    await take(acceptTime(request.id, proposalId));
    void invalidate(queryKeys.bookings);
    void invalidate(queryKeys.slots(request.expert_id));
    toast.success(timeRequests.accepted);
  });

  return {
    /** The proposal that is being accepted. */
    accepting: accept.pendingArgs?.[1] ?? null,
    accept: accept.run,
    suggest: (request: TimeRequest, starts: readonly EpochMs[]) => take(suggestTimes(request.id, starts)),
    decline: (request: TimeRequest, reason: string) => take(declineRequest(request.id, reason)),
    withdraw: (request: TimeRequest) => take(withdrawRequest(request.id)),
  };
}
