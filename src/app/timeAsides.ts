import { lazy } from "react";
import type { TimeAsides } from "@/features/book/timeAsides.ts";

/** Few people need these: they are no part of the booking route's first load. */
export const timeAsides: TimeAsides = {
  AskForTime: lazy(() => import("@/features/timeRequests/AskForTime.tsx")),
  WaitForTimes: lazy(() => import("@/features/alerts/WaitForTimes.tsx")),
};
