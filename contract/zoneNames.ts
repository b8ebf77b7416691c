/** Names of time zones as people read them. */

/** Old names that browsers and accounts still use -> present names. */
export const renamedZones: Readonly<Record<string, string>> = {
  "Asia/Calcutta": "Asia/Kolkata",
  "Asia/Katmandu": "Asia/Kathmandu",
  "Asia/Rangoon": "Asia/Yangon",
  "Asia/Saigon": "Asia/Ho_Chi_Minh",
  "Europe/Kiev": "Europe/Kyiv",
  "America/Godthab": "America/Nuuk",
  "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
  "Etc/UTC": "UTC",
};

/**
 * 'Asia/Kolkata' -> 'Kolkata'. 'Etc/GMT+5' is five hours behind Greenwich, so its name would contradict its offset.
 * @param fixedOffset what to call a zone without a place, in the reader's language
 */
export function cityOf(timeZone: string, fixedOffset: string): string {
  if (/^Etc\/GMT[+-]/.test(timeZone)) return fixedOffset;
  return (timeZone.split("/").at(-1) ?? timeZone).replaceAll("_", " ");
}
