import { LoaderCircle } from "lucide-react";
import { cn } from "@/lib/classNames.ts";

/** Decoration only: needs text beside it, see `Loading`. */
export function Spinner({ className = "size-5" }: { className?: string }) {
  return <LoaderCircle aria-hidden className={cn("animate-spin", className)} />;
}

/** A spinner with text that is announced. */
export function Loading({ children }: { children: string }) {
  return (
    <p role="status" className="flex items-center gap-2.5 text-ink-soft">
      <Spinner />
      {children}
    </p>
  );
}
