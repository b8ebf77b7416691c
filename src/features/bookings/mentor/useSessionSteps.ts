import { useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { StatusAction } from "#rules/bookingState.ts";
import { stepsDone } from "#words/sessions.ts";
import { useMentorChanges } from "@/features/mentors/useMentorChanges.ts";
import { firstName } from "@/lib/names.ts";
import { refreshIfRefused } from "@/lib/refreshIfRefused.ts";
import { toast } from "@/lib/toast.ts";
import { useAction } from "@/ui/useAction.ts";
import { takeBookingStep } from "./api.ts";

export type SessionStep = { booking: Booking; action: StatusAction };

/** The mentor's steps. Declining and cancelling ask for confirmation in a dialog first. */
export function useSessionSteps(onMoved: () => void) {
  const [asked, setAsked] = useState<SessionStep | null>(null);
  const changes = useMentorChanges();

  /** @throws ApiProblem */
  const take = async ({ booking, action }: SessionStep, reason?: string) => {
    const refresh = () => changes.sessionsChanged(booking.expert_id);
    await refreshIfRefused(takeBookingStep(booking.id, action, reason), refresh);
    await refresh();
    toast.success(stepsDone[action](firstName(booking.user_name)));
  };

  const takeAtOnce = useAction(async (step: SessionStep) => {
    await take(step);
    onMoved();
  });
  const running = takeAtOnce.pendingArgs?.[0];

  return {
    asked,
    closeQuestion: () => setAsked(null),
    answerQuestion: async (reason: string) => (asked ? take(asked, reason) : undefined),
    start: (step: SessionStep) =>
      step.action === "decline" || step.action === "cancel" ? setAsked(step) : void takeAtOnce.run(step),
    pendingFor: (booking: Booking) => (running?.booking.id === booking.id ? running.action : null),
  };
}
