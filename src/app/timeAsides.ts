import { lazy } from "react";
import type { TimeAsides } from "@/features/book/timeAsides.ts";

/** Rarely needed, so not part of the booking route's first load. */
export const timeAsides: TimeAsides = {
  RequestTime: lazy(() => import("@/features/timeRequests/RequestTime.tsx")),
  NewAlert: lazy(() => import("@/features/alerts/NewAlert.tsx")),
  ClashMark: lazy(() => import("@/features/calendarConnections/ClashMark.tsx")),
};
