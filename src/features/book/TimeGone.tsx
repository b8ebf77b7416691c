import { useQuery } from "@tanstack/react-query";
import type { Mentor } from "#contract/mentors.ts";
import type { SlotAnswer } from "#contract/slots.ts";
import { startRefusals } from "#words/slots.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { wallClock } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import type { Choice, FreeSlot } from "./bookingStep.ts";
import { isSame, timesQuestion } from "./freeTimes.ts";
import { slotsQuery } from "./queries.ts";
import { type Clocks, TimeButton } from "./TimeButton.tsx";

type TimeGoneProps = Clocks & {
  title: string;
  /** What can be had instead. */
  nextSlots: readonly { starts_at: string; available: boolean; time: string }[];
  /** What is not lost. */
  kept: string;
  selected: string | null;
  onSelect: (slot: FreeSlot) => void;
};

/** The chosen time cannot be had any more: says why and offers the nearest others. */
export function TimeGone({ nextSlots, title, kept, selected, onSelect, ...clocks }: TimeGoneProps) {
  return (
    <Alert tone="warning" className="mb-5" title={title}>
      <p>
        {kept} {nextSlots.length ? "These are free next:" : "Please choose another time."}
      </p>
      {nextSlots.length > 0 && (
        <ul className="mt-3 flex flex-wrap gap-2">
          {nextSlots.slice(0, 6).map((slot) => (
            <li key={slot.starts_at}>
              <TimeButton
                {...clocks}
                slot={{ ...slot, ...wallClock(slot.starts_at, clocks.timeZone) }}
                selected={isSame(slot.starts_at, selected)}
                onSelect={onSelect}
                withDay
              />
            </li>
          ))}
        </ul>
      )}
    </Alert>
  );
}

type LostTimeProps = Omit<TimeGoneProps, "title" | "nextSlots"> & {
  mentor: Pick<Mentor, "id">;
  choice: Choice;
  /** The time that was chosen. */
  lost: string;
  /** The refusal that said so; null when the free times no longer have it. */
  refusal: ApiProblem | null;
  nextSlots?: TimeGoneProps["nextSlots"];
};

/** `TimeGone` with the server's reason: from its refusal, else its verdict on the time is asked for. */
export function LostTime({ mentor, choice, lost, refusal, nextSlots = [], ...props }: LostTimeProps) {
  const { date } = wallClock(lost, props.timeZone);
  const question = timesQuestion(mentor.id, choice, props.timeZone, { from: date, to: date });
  const judged = useQuery({ ...slotsQuery({ ...question, include: "all" }), enabled: refusal === null });
  const now = useNow();
  if (!refusal && judged.isPending) return null;
  const title = refusal?.detail ?? startRefusals[refusalOf(judged.data, lost, now.getTime())];
  return <TimeGone {...props} title={title} nextSlots={refusal?.nextSlots ?? nextSlots} />;
}

function refusalOf(answer: SlotAnswer | undefined, lost: string, now: number): keyof typeof startRefusals {
  if (Date.parse(lost) <= now) return "past";
  const days = answer?.days ?? [];
  const slot = days.flatMap(({ slots }) => slots).find(({ starts_at }) => isSame(starts_at, lost));
  if (slot?.verdict) return slot.verdict;
  // A start that is not even listed: what the whole day says of itself may tell why.
  const reason = days[0]?.reason;
  return reason === "blocked" || reason === "paused" ? reason : "off_grid";
}
