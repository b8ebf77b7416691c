import type { Mentor } from "#contract/mentors.ts";
import { approvalOf } from "#rules/approval.ts";
import { requestNotes } from "#words/book.ts";
import { cn } from "@/lib/classNames.ts";
import { firstName } from "@/lib/names.ts";
import type { Choice } from "./bookingStep.ts";

type RequestNoteProps = { mentor: Mentor; choice: Choice; className?: string };

/** What happens once a booking is sent that the mentor may have to approve. */
export function RequestNote({ mentor, choice, className }: RequestNoteProps) {
  const approval = approvalOf(mentor, choice.service);
  if (approval === "instant") return null;
  return (
    <p className={cn("rounded-control bg-accent-soft px-3.5 py-2 text-sm text-accent-text", className)}>
      {requestNotes[approval](firstName(mentor.full_name))}
    </p>
  );
}
