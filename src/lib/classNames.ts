import { type ClassValue, clsx } from "clsx";

/**
 * Joins class names. Later classes do not override earlier ones (tailwind-merge costs 8 kB of the booking route's
 * budget): give a ui component a `variant`, or only classes for layout such as margin and width.
 */
export function cn(...values: ClassValue[]): string {
  return clsx(values);
}
