/** A minimum notice or a buffer of no minutes. */
export const noLength = "None";
