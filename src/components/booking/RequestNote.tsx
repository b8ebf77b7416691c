import { cn } from "@/lib/classNames";
import { firstName } from "@/lib/words";
import type { Mentor } from "../../../contract/mentors";
import { ANSWER_HOURS, isConfirmedInstantly } from "../../../scheduling/approval";
import type { Choice } from "./bookingStep";

type RequestNoteProps = { mentor: Mentor; choice: Choice; className?: string };

/** For a session that the mentor approves: what will happen after sending. */
export function RequestNote({ mentor, choice, className }: RequestNoteProps) {
  if (isConfirmedInstantly(mentor, choice.service)) return null;
  const name = firstName(mentor.full_name);
  return (
    <p className={cn("rounded-control bg-accent-soft px-3.5 py-2 text-sm text-accent-text", className)}>
      This is a request: {name} replies within {ANSWER_HOURS} h, or before the session starts if that is
      sooner. The time is held for you until then.
    </p>
  );
}
