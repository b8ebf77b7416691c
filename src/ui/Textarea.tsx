import type { ComponentProps } from "react";
import { cn } from "@/lib/classNames.ts";
import { controlStyle } from "./controlStyle.ts";

/** Grows with its text where the browser can. */
export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea
      rows={4}
      {...props}
      className={cn(controlStyle, "field-sizing-content min-h-28 resize-y", className)}
    />
  );
}
