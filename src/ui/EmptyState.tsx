import type { ComponentType, ReactNode } from "react";
import { cn } from "@/lib/classNames.ts";

type EmptyStateProps = {
  Icon: ComponentType<{ className?: string; "aria-hidden"?: boolean }>;
  title: string;
  /** Level of the title; 2 below a page heading. */
  level?: 2 | 3;
  className?: string;
  children?: ReactNode;
};

/** An empty list or page: why, and what to do next. */
export function EmptyState({ Icon, title, level = 2, className, children }: EmptyStateProps) {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <div
      className={cn(
        "flex flex-col items-center gap-3 rounded-card border border-dashed border-line-strong px-6 py-12 text-center",
        className,
      )}
    >
      <span className="grid size-14 place-items-center rounded-[32%] bg-accent-soft text-accent-text">
        <Icon aria-hidden className="size-7" />
      </span>
      <Heading className="text-heading">{title}</Heading>
      {children && (
        <div className="flex max-w-prose flex-col items-center gap-4 text-ink-soft">{children}</div>
      )}
    </div>
  );
}
