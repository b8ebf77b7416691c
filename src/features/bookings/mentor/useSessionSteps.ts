import { useState } from "react";
import type { Booking } from "#contract/bookings.ts";
import type { StatusAction } from "#rules/bookingState.ts";
import { useMentorAccount } from "@/features/mentors/useMentorChanges.ts";
import { ApiProblem } from "@/lib/api.ts";
import { toast } from "@/lib/toast.ts";
import { firstName } from "@/lib/words.ts";
import { takeBookingStep } from "./api.ts";

export type SessionStep = { booking: Booking; action: StatusAction };

/** The mentor's steps: taken at once, or first asked about in a dialog because the student loses a session by them. */
export function useSessionSteps(onMoved: () => void) {
  const [running, setRunning] = useState<SessionStep | null>(null);
  const [asked, setAsked] = useState<SessionStep | null>(null);
  const account = useMentorAccount();

  /** @throws ApiProblem */
  const take = async ({ booking, action }: SessionStep, reason?: string) => {
    try {
      await takeBookingStep(booking.id, action, reason);
    } catch (thrown) {
      // The session may have moved on in the meantime: the list then shows how.
      if (thrown instanceof ApiProblem && thrown.status < 500)
        void account.sessionsChanged(booking.expert_id);
      throw thrown;
    }
    await account.sessionsChanged(booking.expert_id);
    toast.success(doneWords(action, firstName(booking.user_name)));
  };

  const takeAtOnce = async (step: SessionStep) => {
    setRunning(step);
    try {
      await take(step);
      onMoved();
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem)) throw thrown;
      toast.error("That did not work.", { description: thrown.detail });
    } finally {
      setRunning(null);
    }
  };

  return {
    asked,
    closeQuestion: () => setAsked(null),
    answerQuestion: async (reason: string) => (asked ? take(asked, reason) : undefined),
    start: (step: SessionStep) =>
      step.action === "decline" || step.action === "cancel" ? setAsked(step) : void takeAtOnce(step),
    pendingFor: (booking: Booking) => (running?.booking.id === booking.id ? running.action : null),
  };
}

function doneWords(action: StatusAction, student: string): string {
  switch (action) {
    case "confirm":
      return `The session with ${student} is confirmed.`;
    case "decline":
      return `The request from ${student} is declined.`;
    case "complete":
      return `The session with ${student} is marked as completed.`;
    case "cancel":
      return `The session with ${student} is cancelled.`;
    default:
      return action satisfies never;
  }
}
