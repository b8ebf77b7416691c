import { lazy, Suspense, useSyncExternalStore } from "react";
import { toastQueue } from "@/lib/toast.ts";

const Toaster = lazy(() => import("./Toaster.tsx"));

export function Toasts() {
  const hasToast = useSyncExternalStore(toastQueue.subscribe, toastQueue.hasToast);
  return <Suspense fallback={null}>{hasToast && <Toaster />}</Suspense>;
}
