import type { ComponentType } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { Choice, FreeSlot } from "./bookingStep.ts";

export type AsideProps = { mentor: Mentor; choice: Choice; onBack: () => void };

export type WaitAsideProps = AsideProps & {
  /** A day without free times that was looked at. */
  date: string | null;
  onSelect: (slot: FreeSlot) => void;
};

/** What takes the place of the free times. The page that opens the booking brings it along from other features. */
export type TimeAsides = {
  AskForTime: ComponentType<AsideProps>;
  WaitForTimes: ComponentType<WaitAsideProps>;
};
