import { lazyPart } from "@/lib/lazyPart.ts";

/** Rare: a time that was chosen is gone. */
export const LostTime = lazyPart(() => import("./TimeGone.tsx").then((file) => file.LostTime));
