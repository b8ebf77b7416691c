/** A session in lists, cards and dialogs, for its student and its mentor. */

/** A session in one line, such as a dialog's subject. */
export const bookedWith = ({ service, other }: { service: string; other: string }) =>
  `${service} with ${other}`;

/** @param zone such as "Kathmandu, GMT+5:45" */
export const yourTimeZone = (zone: string) => `Your time zone: ${zone}`;
