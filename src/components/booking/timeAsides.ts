import { lazy } from "react";

/** Few people need these: they are no part of the booking route's first load. */
export const AskForTime = lazy(() => import("@/components/requests/AskForTime"));
export const WaitForTimes = lazy(() => import("@/components/requests/WaitForTimes"));
