import { lazyPart } from "@/lib/lazyPart";

export const RebookDialog = lazyPart(() => import("./RebookDialog.tsx").then((file) => file.RebookDialog));
