import type { ComponentProps, ReactNode } from "react";
import { cn } from "@/lib/classNames.ts";

type CheckboxProps = Omit<ComponentProps<"input">, "type" | "children"> & {
  label: ReactNode;
  detail?: ReactNode;
};

/** A native checkbox inside its label: the whole card is the target. */
export function Checkbox({ label, detail, className, ...props }: CheckboxProps) {
  return (
    <label
      className={cn(
        "tap flex items-start gap-3 rounded-control border border-line-strong bg-surface px-4 py-3 transition-colors hover:border-primary has-checked:border-primary has-checked:bg-primary-soft",
        className,
      )}
    >
      <input type="checkbox" {...props} className="checkbox mt-px" />
      <span className="min-w-0">
        <span className="block font-semibold">{label}</span>
        {detail && <span className="block text-sm text-ink-soft">{detail}</span>}
      </span>
    </label>
  );
}
