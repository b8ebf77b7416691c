import type { Minutes } from "#scheduling/units.ts";
import type { Mentor } from "./mentors.ts";
import type { Slot } from "./slots.ts";
import type { ZoneAnswer } from "./timeZones.ts";

/** What the document of a mentor's page shows before the app has loaded: the first available times of one service and length. */
export interface MentorPageTimes {
  mentor: Mentor;
  serviceId: string;
  minutes: Minutes;
  /** Earliest first. */
  slots: Slot[];
  /** The start in the address, epoch ms. */
  chosen: number | null;
  /** The server's rules of the mentor's time zones. */
  zones: ZoneAnswer;
}
