import { lazyPart } from "@/lib/lazyPart.ts";

/** Links into the booking begin at its second step. */
export const ServiceSelection = lazyPart(() =>
  import("./ServiceSelection.tsx").then((file) => file.ServiceSelection),
);

export const loadSendBooking = () => import("./sendBooking.ts");

/** Loads while the student chooses a time: its forms are as much code as all earlier steps together. */
export const BookingConfirmation = lazyPart(async () => {
  const [file] = await Promise.all([import("./BookingConfirmation.tsx"), loadSendBooking()]);
  return file.BookingConfirmation;
});

/** Only visitors need it, at the end. */
export const AccountStep = lazyPart(() => import("./AccountStep.tsx").then((file) => file.AccountStep));

/** Only people whose address is not confirmed need it, at the end. */
export const ConfirmAddressStep = lazyPart(() =>
  import("./ConfirmAddressStep.tsx").then((file) => file.ConfirmAddressStep),
);
