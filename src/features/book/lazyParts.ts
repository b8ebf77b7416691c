import { lazyPart } from "@/lib/lazyPart.ts";

export const BookingDialog = lazyPart(() => import("./BookingDialog.tsx").then((file) => file.BookingDialog));

/** Comes while a time is chosen: its forms are as much code as all of the steps before. */
export const BookingConfirmation = lazyPart(() =>
  import("./BookingConfirmation.tsx").then((file) => file.BookingConfirmation),
);

/** Rare: a time that was chosen is gone. */
export const LostTime = lazyPart(() => import("./TimeGone.tsx").then((file) => file.LostTime));

/** For visitors, at the end. */
export const AccountStep = lazyPart(() => import("./AccountStep.tsx").then((file) => file.AccountStep));
