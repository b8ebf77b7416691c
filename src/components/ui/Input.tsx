import type { ComponentProps } from "react";
import { cn } from "@/lib/classNames";
import { controlStyle } from "./controlStyle";

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input {...props} className={cn(controlStyle, "tap", className)} />;
}
