import { useQueryClient } from "@tanstack/react-query";
import type { TimeRequest } from "#contract/timeRequests.ts";
import { inboxKeys, queryKeys } from "@/lib/queryKeys.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { toast } from "@/lib/toast.ts";
import { useAction } from "@/ui/useAction.ts";
import { acceptTime, declineRequest, proposeTimes, withdrawRequest } from "./api.ts";

/** What can be done about a request, and who is told of it. All but `accept` throw ApiProblem. */
export function useRequestSteps() {
  const queryClient = useQueryClient();
  const again = (queryKey: readonly unknown[]) => queryClient.invalidateQueries({ queryKey });

  const take = async (step: Promise<TimeRequest>): Promise<void> => {
    await refreshIfRefused(step, () => again(inboxKeys.requests));
    await again(inboxKeys.requests);
  };
  const accept = useAction(async (request: TimeRequest, proposalId: string) => {
    await take(acceptTime(request.id, proposalId));
    void again(queryKeys.bookings);
    void again(queryKeys.slots(request.expert_id));
    toast.success("The session is booked and confirmed.");
  });

  return {
    /** The proposal that is being accepted. */
    accepting: accept.pendingArgs?.[1] ?? null,
    accept: accept.run,
    propose: (request: TimeRequest, startsAt: string[]) => take(proposeTimes(request.id, startsAt)),
    decline: (request: TimeRequest, reason: string) => take(declineRequest(request.id, reason)),
    withdraw: (request: TimeRequest) => take(withdrawRequest(request.id)),
  };
}
