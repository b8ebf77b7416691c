import type { ComponentProps } from "react";
import { cn } from "@/lib/classNames.ts";

const base =
  "inline-flex max-w-full items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-semibold [&_svg]:size-4 [&_svg]:shrink-0";
const tones = {
  neutral: "bg-sunken text-ink",
  primary: "bg-primary-soft text-primary-text",
  accent: "bg-accent-soft text-accent-text",
  good: "bg-good-soft text-good",
  bad: "bg-bad-soft text-bad",
};

/** A short label. The tone only emphasises the text. */
export function Badge({
  tone = "neutral",
  className,
  ...props
}: ComponentProps<"span"> & { tone?: keyof typeof tones | undefined }) {
  return <span {...props} className={cn(base, tones[tone], className)} />;
}
