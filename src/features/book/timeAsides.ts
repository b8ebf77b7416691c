import type { ComponentType } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { EpochMs, LocalDate, Minutes } from "#scheduling/units.ts";
import type { Choice, FreeSlot, TogetherStep } from "./bookingStep.ts";
import type { BookingAddress } from "./useBookingAddress.ts";
import type { useBookingDraft } from "./useBookingDraft.ts";

export type AsideProps = { mentor: Mentor; choice: Choice; onBack: () => void };

export type WaitAsideProps = AsideProps & {
  /** The day without available times that the viewer was looking at. */
  date: LocalDate | null;
  onSelect: (slot: FreeSlot) => void;
};

/** At the foot of the times: to repeat the chosen one, and the basket. */
export type SeveralTimesProps = {
  mentor: Mentor;
  choice: Choice;
  startsAt: EpochMs | null;
  timeZone: string;
  also: string;
  onAlso: (also: string) => void;
  onRepeat: () => void;
  /** Called when it is found out whether the chosen time overlaps with one of the list. */
  onOverlap: (overlaps: boolean) => void;
};

/** The steps of several sessions that are booked at once. */
export type BookTogetherProps = {
  mentor: Mentor;
  step: TogetherStep;
  address: BookingAddress;
  draft: ReturnType<typeof useBookingDraft>;
};

/** What can replace the times, mark one or be at their foot. The page passes it in, because it belongs to other features. */
export type TimeAsideProps =
  | ({ name: "ask" } & AsideProps)
  | ({ name: "wait" } & WaitAsideProps)
  /** At a time that is taken: to wait for it. */
  | { name: "taken"; mentorId: string; choice: Choice; startsAt: EpochMs }
  /** At a time: whether it clashes with a calendar of a viewer who is signed in. */
  | { name: "clash"; startsAt: EpochMs; duration: Minutes }
  | ({ name: "several" } & SeveralTimesProps)
  | ({ name: "together" } & BookTogetherProps);

export type TimeAside = ComponentType<TimeAsideProps>;
