import { lazy, Suspense, useSyncExternalStore } from "react";
import { firstToast } from "@/lib/toast";

const Toaster = lazy(() => import("./Toaster"));

export function Toasts() {
  const wasSaid = useSyncExternalStore(firstToast.subscribe, firstToast.wasSaid);
  return <Suspense fallback={null}>{wasSaid && <Toaster />}</Suspense>;
}
