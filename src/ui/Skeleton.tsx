import { cn } from "@/lib/classNames.ts";

/** A grey shape in place of what is coming. Hidden from assistive technology: add a `role="status"` text beside it. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn("block animate-pulse rounded-lg bg-sunken", className)} />;
}
