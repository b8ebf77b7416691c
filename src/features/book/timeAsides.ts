import type { ComponentType } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { EpochMs, LocalDate, Minutes } from "#scheduling/units.ts";
import type { Choice, FreeSlot } from "./bookingStep.ts";

export type AsideProps = { mentor: Mentor; choice: Choice; onBack: () => void };

export type AlertAsideProps = AsideProps & {
  /** The day without available times that the viewer was looking at. */
  date: LocalDate | null;
  onSelect: (slot: FreeSlot) => void;
};

/** Marks a time that clashes with a calendar of a viewer who is signed in. */
type ClashMark = ComponentType<{ startsAt: EpochMs; duration: Minutes }>;

/** What can replace the times, and mark one. The page passes it in, because it belongs to other features. */
export type TimeAsides = {
  RequestTime: ComponentType<AsideProps>;
  NewAlert: ComponentType<AlertAsideProps>;
  ClashMark: ClashMark;
};
