import { TriangleAlert } from "lucide-react";
import type { CheckedStart } from "#contract/groupSessions.ts";
import { groupForms } from "#words/groupSessions.ts";
import { ownStarts } from "#words/slots.ts";
import { cn } from "@/lib/classNames.ts";

type Start = Pick<CheckedStart, "verdict" | "is_refused">;

/** What a session would meet at a start; nothing if that is free. */
export function StartNote({ start }: { start: Start | undefined }) {
  if (!start || start.verdict === "free") return null;
  return (
    <span
      className={cn(
        "flex items-start gap-1.5 text-sm font-semibold",
        start.is_refused ? "text-bad" : "text-accent-text",
      )}
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      {textOf(start)}
    </span>
  );
}

function textOf({ verdict, is_refused }: Start): string {
  if (verdict !== "taken" && verdict !== "buffer") return ownStarts[verdict];
  return is_refused ? groupForms.taken : groupForms.busyElsewhere;
}

/** Says of a single start what it would meet, as soon as that is known, and whether it can be chosen all the same. */
export function StartStatus({ start }: { start: Start | undefined }) {
  return (
    <div role="status">
      <StartNote start={start} />
      {start && start.verdict !== "free" && !start.is_refused && (
        <p className="text-sm text-ink-soft">{groupForms.allTheSame}</p>
      )}
    </div>
  );
}
