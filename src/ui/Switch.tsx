import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "@/lib/classNames.ts";

type SwitchProps = Omit<ComponentProps<"input">, "type" | "role" | "children"> & {
  label: ReactNode;
  detail?: ReactNode;
};

/** Takes effect immediately. In a form that is submitted use `Checkbox`. */
export function Switch({ label, detail, className, ...props }: SwitchProps) {
  const id = useId();
  return (
    <label htmlFor={id} className={cn("tap flex items-center justify-between gap-4", className)}>
      <span className="min-w-0">
        <span className="block font-semibold">{label}</span>
        {detail && <span className="block text-sm text-ink-soft">{detail}</span>}
      </span>
      <SwitchControl {...props} id={id} />
    </label>
  );
}

/** A switch whose label is elsewhere, such as in the head of a table. */
export function SwitchControl(props: Omit<ComponentProps<"input">, "type" | "role" | "children">) {
  return (
    <span className="relative inline-flex shrink-0">
      <input
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox has its own state.
        role="switch"
        {...props}
        className="peer absolute -top-2 left-0 z-10 h-[calc(100%+1rem)] w-full cursor-pointer opacity-0"
      />
      <span className="h-7 w-12 rounded-full border border-line-strong bg-sunken transition-colors peer-checked:border-primary peer-checked:bg-primary peer-focus-visible:outline-3 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-primary" />
      <span className="absolute top-1 left-1 size-5 rounded-full bg-line-strong transition-[transform,background-color] peer-checked:translate-x-5 peer-checked:bg-on-primary" />
    </span>
  );
}
