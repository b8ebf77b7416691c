import type { ComponentProps } from "react";
import { cn } from "@/lib/classNames.ts";

export function Card({ className, ...props }: ComponentProps<"div">) {
  return (
    <div {...props} className={cn("rounded-card border border-line bg-surface shadow-card", className)} />
  );
}
