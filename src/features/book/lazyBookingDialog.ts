import { lazyPart } from "@/lib/lazyPart.ts";

export const BookingDialog = lazyPart(() => import("./BookingDialog.tsx").then((file) => file.BookingDialog));
