import type { ComponentType } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { LocalDate } from "#scheduling/units.ts";
import type { Choice, FreeSlot } from "./bookingStep.ts";

export type AsideProps = { mentor: Mentor; choice: Choice; onBack: () => void };

export type AlertAsideProps = AsideProps & {
  /** The day without available times that the viewer was looking at. */
  date: LocalDate | null;
  onSelect: (slot: FreeSlot) => void;
};

/** What can replace the times. The page passes it in, because it belongs to other features. */
export type TimeAsides = {
  RequestTime: ComponentType<AsideProps>;
  NewAlert: ComponentType<AlertAsideProps>;
};
