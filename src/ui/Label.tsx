import type { ComponentProps } from "react";
import { cn } from "@/lib/classNames.ts";

export function Label({ className, ...props }: ComponentProps<"label">) {
  // biome-ignore lint/a11y/noLabelWithoutControl: htmlFor comes with the props.
  return <label {...props} className={cn("block font-semibold text-ink", className)} />;
}
