import { lazyPart } from "@/lib/lazyPart.ts";

/** Loads while the student chooses a time: its forms are as much code as all earlier steps together. */
export const BookingConfirmation = lazyPart(() =>
  import("./BookingConfirmation.tsx").then((file) => file.BookingConfirmation),
);

/** Only visitors need it, at the end. */
export const AccountStep = lazyPart(() => import("./AccountStep.tsx").then((file) => file.AccountStep));
