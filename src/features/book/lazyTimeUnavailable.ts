import { lazyPart } from "@/lib/lazyPart.ts";

/** Rarely needed. */
export const TimeUnavailable = lazyPart(() =>
  import("./TimeUnavailable.tsx").then((file) => file.TimeUnavailable),
);
