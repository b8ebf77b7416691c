import { lazyPart } from "@/lib/lazyPart.ts";

/** Comes while a time is chosen: its forms are as much code as all of the steps before. */
export const BookingConfirmation = lazyPart(() =>
  import("./BookingConfirmation.tsx").then((file) => file.BookingConfirmation),
);

/** For visitors, at the end. */
export const AccountStep = lazyPart(() => import("./AccountStep.tsx").then((file) => file.AccountStep));
