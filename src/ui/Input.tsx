import type { ComponentProps } from "react";
import { cn } from "@/lib/classNames.ts";
import { controlStyle } from "./controlStyle.ts";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input {...props} className={cn(controlStyle, "tap", className)} />;
}
