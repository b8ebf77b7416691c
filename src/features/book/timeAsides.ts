import { lazy } from "react";

/** Few people need these: they are no part of the booking route's first load. */
export const AskForTime = lazy(() => import("@/features/timeRequests/AskForTime.tsx"));
export const WaitForTimes = lazy(() => import("@/features/alerts/WaitForTimes.tsx"));
