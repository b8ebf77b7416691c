import { lazyPart } from "@/lib/lazyPart.ts";

export const AddToCalendarDialog = lazyPart(() =>
  import("./AddToCalendarDialog.tsx").then((file) => file.AddToCalendarDialog),
);
