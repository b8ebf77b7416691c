import { useQuery } from "@tanstack/react-query";
import { type ReactNode, Suspense } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { SlotAnswer } from "#contract/slots.ts";
import { type EpochMs, parseInstant } from "#scheduling/units.ts";
import { timeUnavailable } from "#words/bookResult.ts";
import { ownHold } from "#words/payments.ts";
import { startRefusals } from "#words/slots.ts";
import type { ApiProblem } from "@/lib/api.ts";
import { useNow } from "@/lib/clock/useNow.ts";
import { paths } from "@/lib/paths.ts";
import { Link } from "@/lib/router/router.tsx";
import { wallClock } from "@/lib/time.ts";
import { Alert } from "@/ui/Alert.tsx";
import { buttonVariants } from "@/ui/Button.tsx";
import type { Choice, FreeSlot } from "./bookingStep.ts";
import { freeSlotIn, slotSearch } from "./freeTimes.ts";
import { slotsQuery } from "./queries.ts";
import { type Clocks, TimeItems } from "./TimeItems.tsx";
import type { TimeAside } from "./timeAsides.ts";

type TimeUnavailableAlertProps = Clocks & {
  title: string;
  /** What is available instead. */
  nextSlots: readonly FreeSlot[];
  /** What is not lost. */
  keeps: keyof typeof timeUnavailable;
  selected: EpochMs | null;
  onSelect: (slot: FreeSlot) => void;
  /** Below the times. */
  children?: ReactNode;
};

/** The chosen time is no longer available: why, and the nearest times that are. */
export function TimeUnavailableAlert({
  nextSlots,
  title,
  keeps,
  selected,
  onSelect,
  children,
  ...clocks
}: TimeUnavailableAlertProps) {
  return (
    <Alert tone="warning" className="mb-5" title={title}>
      <p>{timeUnavailable[keeps][nextSlots.length > 0 ? "withNext" : "alone"]}</p>
      {nextSlots.length > 0 && (
        <ul className="mt-3 flex flex-wrap gap-2">
          <TimeItems
            {...clocks}
            slots={nextSlots.slice(0, 6)}
            selected={selected}
            onSelect={onSelect}
            withDay
          />
        </ul>
      )}
      {children}
    </Alert>
  );
}

type TimeUnavailableProps = Omit<TimeUnavailableAlertProps, "title" | "nextSlots" | "children"> & {
  mentor: Pick<Mentor, "id">;
  choice: Choice;
  /** The time that was chosen. */
  unavailable: EpochMs;
  /** The refusal of the booking; null when the time disappeared from the list. */
  refusal: ApiProblem | null;
  nextSlots?: TimeUnavailableAlertProps["nextSlots"];
  /** Offers to wait for the time, where it is passed. */
  Aside?: TimeAside;
};

/** `TimeUnavailableAlert` with the server's reason, which is in its refusal or has to be requested. */
export function TimeUnavailable({
  mentor,
  choice,
  unavailable,
  refusal,
  nextSlots = [],
  Aside,
  ...props
}: TimeUnavailableProps) {
  const { date } = wallClock(unavailable, props.timeZone);
  const search = slotSearch(mentor.id, choice, props.timeZone, { from: date, to: date });
  const judged = useQuery({ ...slotsQuery({ ...search, include: "all" }), enabled: refusal === null });
  const now = useNow();
  if (!refusal && judged.isPending) return null;
  // Their own unpaid booking holds the time.
  if (refusal?.said.booking_id) return <OwnHold bookingId={refusal.said.booking_id} />;
  const reason = refusalOf(judged.data, unavailable, now.getTime());
  const title = refusal?.detail ?? startRefusals[reason];
  return (
    <TimeUnavailableAlert
      {...props}
      title={title}
      nextSlots={refusal ? nextFreeOf(refusal, props.timeZone) : nextSlots}
    >
      {Aside && (refusal ? refusal.code === "slot_taken" : mayOpenUp.has(reason)) && (
        <Suspense fallback={null}>
          <Aside name="taken" mentorId={mentor.id} choice={choice} startsAt={unavailable} />
        </Suspense>
      )}
    </TimeUnavailableAlert>
  );
}

/** The reader holds the time already, and has not paid for it. */
function OwnHold({ bookingId }: { bookingId: string }) {
  return (
    <Alert tone="info" className="mb-5" title={ownHold.title}>
      <p>{ownHold.text}</p>
      <Link to={paths.pay(bookingId)} className={buttonVariants({ size: "sm", className: "mt-3" })}>
        {ownHold.pay}
      </Link>
    </Alert>
  );
}

/** What a refusal offers instead, as the viewer's clock has it. */
export function nextFreeOf({ nextSlots }: ApiProblem, timeZone: string): FreeSlot[] {
  return nextSlots.map((slot) => freeSlotIn(timeZone, slot));
}

/** What others have taken, which they may give back. */
const mayOpenUp: ReadonlySet<string> = new Set(["taken", "buffer", "day_limit", "week_limit"]);

function refusalOf(
  answer: SlotAnswer | undefined,
  startsAt: EpochMs,
  now: number,
): keyof typeof startRefusals {
  if (startsAt <= now) return "past";
  const days = answer?.days ?? [];
  const slot = days
    .flatMap(({ slots }) => slots)
    .find(({ starts_at }) => parseInstant(starts_at) === startsAt);
  if (slot?.verdict) return slot.verdict;
  // A start that is not listed has no verdict, but the day may have a reason.
  const reason = days[0]?.reason;
  return reason === "blocked" || reason === "paused" ? reason : "off_grid";
}
