/** Background of a day off, which differs from closed hours also without colour. */
export const stripedBackground =
  "bg-[repeating-linear-gradient(135deg,var(--sunken)_0_0.5rem,var(--line)_0.5rem_0.5625rem)]";
