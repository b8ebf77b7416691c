import { LoaderCircle } from "lucide-react";
import { cn } from "@/lib/classNames.ts";

/** Decoration only: say what is going on in words beside it, see `Loading`. */
export function Spinner({ className = "size-5" }: { className?: string }) {
  return <LoaderCircle aria-hidden className={cn("animate-spin", className)} />;
}

/** A spinner with words that are also announced. */
export function Loading({ children }: { children: string }) {
  return (
    <p role="status" className="flex items-center gap-2.5 text-ink-soft">
      <Spinner />
      {children}
    </p>
  );
}
