import { lazy } from "react";

/** Rarely needed, so not part of the booking route's first load. */
export const TimeAside = lazy(() => import("./TimeAside.tsx"));
