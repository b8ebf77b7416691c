import type { ComponentType } from "react";
import type { Mentor } from "#contract/mentors.ts";
import type { Choice, FreeSlot } from "./bookingStep.ts";

type AsideProps = { mentor: Mentor; choice: Choice; onBack: () => void };

/** What takes the place of the free times. The page that opens the booking brings it along from other features. */
export type TimeAsides = {
  AskForTime: ComponentType<AsideProps>;
  /** `date`: a day without free times that was looked at. */
  WaitForTimes: ComponentType<AsideProps & { date: string | null; onSelect: (slot: FreeSlot) => void }>;
};
