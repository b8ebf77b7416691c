import { lazy, Suspense, useSyncExternalStore } from "react";
import { firstToast } from "@/lib/toast.ts";

const Toaster = lazy(() => import("./Toaster.tsx"));

export function Toasts() {
  const wasSaid = useSyncExternalStore(firstToast.subscribe, firstToast.wasSaid);
  return <Suspense fallback={null}>{wasSaid && <Toaster />}</Suspense>;
}
