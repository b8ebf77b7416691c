import { CircleAlert, CircleCheck, Info } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/lib/classNames.ts";

const tones = {
  info: { Icon: Info, style: "border-line bg-primary-soft text-ink" },
  warning: { Icon: Info, style: "border-accent bg-accent-soft text-ink" },
  good: { Icon: CircleCheck, style: "border-good bg-good-soft text-ink" },
  bad: { Icon: CircleAlert, style: "border-bad bg-bad-soft text-ink" },
} as const;

type AlertProps = {
  tone?: keyof typeof tones;
  title?: ReactNode;
  /** Off for alerts that are there from the start: announcing interrupts a screen reader. */
  announce?: boolean;
  className?: string;
  children?: ReactNode;
};

export function Alert({ tone = "info", title, announce = true, className, children }: AlertProps) {
  const { Icon, style } = tones[tone];
  return (
    <div
      role={announce ? (tone === "bad" || tone === "warning" ? "alert" : "status") : undefined}
      className={cn("flex gap-3 rounded-control border px-4 py-3", style, className)}
    >
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        {children}
      </div>
    </div>
  );
}
