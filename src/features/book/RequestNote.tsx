import type { Mentor } from "#contract/mentors.ts";
import { approvalOf } from "#rules/approval.ts";
import { windowHours } from "#rules/windows.ts";
import { cn } from "@/lib/classNames.ts";
import { firstName } from "@/lib/words.ts";
import type { Choice } from "./bookingStep.ts";

type RequestNoteProps = { mentor: Mentor; choice: Choice; className?: string };

/** For a session that the mentor may have to approve: what will happen after sending. */
export function RequestNote({ mentor, choice, className }: RequestNoteProps) {
  const approval = approvalOf(mentor, choice.service);
  if (approval === "instant") return null;
  const name = firstName(mentor.full_name);
  return (
    <p className={cn("rounded-control bg-accent-soft px-3.5 py-2 text-sm text-accent-text", className)}>
      {approval === "first_asks" ? `Your first session with ${name}` : "This"} is a request: {name} replies
      within {windowHours.requestAnswer} h, or before the session starts if that is sooner. The time is held
      for you until then.
      {approval === "first_asks" && " Later sessions are confirmed at once."}
    </p>
  );
}
