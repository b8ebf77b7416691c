import { lazy } from "react";

const load = () => import("./RebookDialog.tsx");

/** Its own chunk; `preload` on hover and focus of what opens it. */
export const RebookDialog = lazy(() => load().then((module) => ({ default: module.RebookDialog })));
export const rebookDialog = {
  // A failed preload is tried again, and reported, when the dialog is really opened.
  preload: () => void load().catch(() => undefined),
};
