import { lazy } from "react";

const load = () => import("./BookingDialog.tsx");

/** The dialog is its own chunk; `preload` on hover and focus of what opens it. */
export const BookingDialog = lazy(() => load().then((module) => ({ default: module.BookingDialog })));
export const bookingDialog = {
  // A failed preload is tried again, and reported, when the dialog is really opened.
  preload: () => void load().catch(() => undefined),
};
