import type { ComponentProps } from "react";
import { cn } from "@/lib/classNames.ts";
import { Spinner } from "./Spinner.tsx";

const base =
  "inline-flex items-center justify-center gap-2 rounded-control border text-center font-semibold leading-tight transition-[background-color,border-color,color,box-shadow,transform] duration-150 select-none active:translate-y-px disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55 [&_svg]:shrink-0";
const variants = {
  primary: "border-transparent bg-primary text-on-primary shadow-card hover:bg-primary-hover",
  secondary: "border-line-strong bg-surface text-ink hover:border-primary hover:bg-primary-soft",
  soft: "border-transparent bg-primary-soft text-primary-text hover:border-primary",
  ghost: "border-transparent bg-transparent text-ink hover:bg-sunken",
  danger: "border-transparent bg-bad text-on-bad hover:opacity-90",
  link: "rounded-md border-transparent bg-transparent text-primary-text underline decoration-2 underline-offset-4 hover:decoration-accent",
};
const sizes = {
  sm: "min-h-9 px-3 py-1.5 text-sm pointer-coarse:min-h-11",
  md: "min-h-11 px-4 py-2 text-base",
  lg: "min-h-13 px-6 py-3 text-lg",
  icon: "size-11 p-0",
  inline: "px-1 py-1 text-sm pointer-coarse:min-h-11",
};

type ButtonLook = {
  variant?: keyof typeof variants | undefined;
  size?: keyof typeof sizes | undefined;
};

/** Also for links that look like buttons: `<Link className={buttonVariants()}>`. */
export function buttonVariants({
  variant = "primary",
  size = "md",
  className,
}: ButtonLook & { className?: string } = {}): string {
  return cn(base, variants[variant], sizes[size], className);
}

type ButtonProps = ComponentProps<"button"> &
  ButtonLook & {
    /** Shows a spinner and ignores clicks. The label stays as it is. */
    pending?: boolean;
  };

export function Button({
  variant,
  size,
  pending = false,
  disabled,
  className,
  children,
  ...props
}: ButtonProps) {
  return (
    <button
      type="button"
      {...props}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      className={cn(buttonVariants({ variant, size }), className)}
    >
      {pending && <Spinner />}
      {children}
    </button>
  );
}
