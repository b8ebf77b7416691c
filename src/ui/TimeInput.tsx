import type { ComponentProps } from "react";
import { cn } from "@/lib/classNames.ts";

/** The browser's own time field. On a phone the whole of it opens the clock, so its little icon only takes room there. */
export function TimeInput({ className, ...props }: Omit<ComponentProps<"input">, "type">) {
  return (
    <input
      {...props}
      type="time"
      className={cn(
        "tap w-full min-w-0 scroll-my-24 rounded-control border border-line-strong bg-surface px-2 py-2.5 max-[22rem]:px-1 text-center text-base text-ink tabular-nums shadow-[inset_0_1px_2px_var(--shade-soft)] transition-colors hover:border-primary focus-visible:border-primary disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-bad aria-invalid:bg-bad-soft sm:px-3 max-sm:[&::-webkit-calendar-picker-indicator]:hidden",
        className,
      )}
    />
  );
}
