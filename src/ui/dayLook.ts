/** A day off is hatched: told from closed hours without colour. */
export const hatched =
  "bg-[repeating-linear-gradient(135deg,var(--sunken)_0_0.5rem,var(--line)_0.5rem_0.5625rem)]";
