import type { DemoSession } from "../demoTypes.ts";

/** Held and not paid for: the first one waits for its student, the second one's payment has failed and can be tried again. */
export const heldSessions: readonly DemoSession[] = [
  {
    mentor: "asha",
    service: "pairing",
    minutes: 60,
    inDays: 12,
    near: "18:00",
    seats: [
      { student: "meera", outcome: "confirmed", message: "Part three: keyboard navigation in the filter." },
    ],
  },
  {
    mentor: "asha",
    service: "pairing",
    minutes: 30,
    inDays: 13,
    near: "18:00",
    seats: [
      { student: "lucia", outcome: "confirmed", message: "One last question about useEffect, I promise." },
    ],
  },
];
