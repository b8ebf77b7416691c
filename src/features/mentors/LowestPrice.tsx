import type { Money } from "#rules/money.ts";
import { mentorFacts } from "#words/mentors.ts";
import { cn } from "@/lib/classNames.ts";
import { formatMoney } from "@/lib/money.ts";
import { withElements } from "@/ui/withElements.tsx";

/** A mentor's lowest price: "from ₹199", or "Free". */
export function LowestPrice({ price, className }: { price: Money; className?: string }) {
  const amount = (
    <strong className={cn("text-lg font-bold text-ink", className)}>{formatMoney(price)}</strong>
  );
  return price.minor === 0 ? amount : withElements(mentorFacts.fromPrice, { price: amount });
}
