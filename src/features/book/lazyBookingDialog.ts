import { lazyPart } from "@/lib/lazyPart.ts";
import { ServiceSelection } from "./lazySteps.ts";

export const BookingDialog = lazyPart(() => import("./BookingDialog.tsx").then((file) => file.BookingDialog));

/** Preloads the dialog and its first step. */
export function preloadBooking(): void {
  BookingDialog.preload();
  ServiceSelection.preload();
}
