import { lazyPart } from "@/lib/lazyPart.ts";

export const RebookDialog = lazyPart(() => import("./RebookDialog.tsx").then((file) => file.RebookDialog));
