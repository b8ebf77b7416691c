import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { TimeRequest } from "#contract/timeRequests.ts";
import { ApiProblem } from "@/lib/api.ts";
import { inboxKeys, queryKeys } from "@/lib/queryKeys.ts";
import { toast } from "@/lib/toast.ts";
import { acceptTime, declineRequest, proposeTimes, withdrawRequest } from "./api.ts";

/** What can be done about a request, and who is told of it. All but `accept` throw ApiProblem. */
export function useRequestSteps() {
  const queryClient = useQueryClient();
  const [accepting, setAccepting] = useState<string | null>(null);
  const again = (queryKey: readonly unknown[]) => queryClient.invalidateQueries({ queryKey });

  const take = async (step: () => Promise<TimeRequest>): Promise<void> => {
    try {
      await step();
    } catch (thrown) {
      // The other side may have answered in the meantime: the list then shows how.
      if (thrown instanceof ApiProblem && thrown.status === 409) void again(inboxKeys.requests);
      throw thrown;
    }
    await again(inboxKeys.requests);
  };

  return {
    /** The proposal that is being accepted. */
    accepting,
    accept: async (request: TimeRequest, proposalId: string): Promise<boolean> => {
      setAccepting(proposalId);
      try {
        await take(() => acceptTime(request.id, proposalId));
        void again(queryKeys.bookings);
        void again(queryKeys.slots(request.expert_id));
        toast.success("The session is booked and confirmed.");
        return true;
      } catch (thrown) {
        if (!(thrown instanceof ApiProblem)) throw thrown;
        toast.error("That did not work.", { description: thrown.detail });
        return false;
      } finally {
        setAccepting(null);
      }
    },
    propose: (request: TimeRequest, startsAt: string[]) => take(() => proposeTimes(request.id, startsAt)),
    decline: (request: TimeRequest, reason: string) => take(() => declineRequest(request.id, reason)),
    withdraw: (request: TimeRequest) => take(() => withdrawRequest(request.id)),
  };
}
