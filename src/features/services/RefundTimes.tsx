import type { RefundTier } from "#rules/refundPolicy.ts";
import { tierNames } from "#words/refunds.ts";
import { serviceRefunds } from "#words/serviceEditor.ts";
import { cn } from "@/lib/classNames.ts";

const colours = { full: "bg-good", partial: "bg-accent", none: "bg-line-strong" } satisfies Record<
  RefundTier["kind"],
  string
>;

/** The tiers of a refund policy along the time before a session. A picture of the sentence beside it, and not to scale. */
export function RefundTimes({ tiers }: { tiers: readonly RefundTier[] }) {
  return (
    <div aria-hidden className="mt-4 flex text-sm">
      {tiers.map(({ kind, percent, cutoff }, index) => (
        <div key={kind} className="min-w-0 flex-1">
          <p className="px-1 text-center font-semibold">{tierNames[kind](percent)}</p>
          <div
            className={cn(
              "mt-1.5 h-3",
              colours[kind],
              index === 0 && "rounded-l-full",
              cutoff === null ? "rounded-r-full" : "border-r-2 border-surface",
            )}
          />
          {cutoff !== null && (
            <p className="mt-1.5 translate-x-1/2 px-1 text-center text-ink-soft">
              {serviceRefunds.boundary(cutoff)}
            </p>
          )}
        </div>
      ))}
    </div>
  );
}
