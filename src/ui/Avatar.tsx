import type { CSSProperties } from "react";
import { cn } from "@/lib/classNames.ts";

/** Initials on a colour derived from the name, so that a person looks the same everywhere. */
export function Avatar({ name, className = "size-12 text-base" }: { name: string; className?: string }) {
  return (
    <span
      aria-hidden
      style={{ "--hue": hueOf(name) } as CSSProperties}
      className={cn(
        "inline-grid shrink-0 place-items-center rounded-[32%] bg-[light-dark(oklch(0.88_0.075_var(--hue)),oklch(0.38_0.085_var(--hue)))] font-bold tracking-tight text-[light-dark(oklch(0.34_0.11_var(--hue)),oklch(0.94_0.05_var(--hue)))] select-none",
        className,
      )}
    >
      {initialsOf(name)}
    </span>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends
    .map((word) => Array.from(word ?? "")[0] ?? "")
    .join("")
    .toLocaleUpperCase();
}

function hueOf(name: string): number {
  let hash = 7;
  for (const char of name) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return hash;
}
