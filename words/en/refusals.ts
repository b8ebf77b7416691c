/** Why the API rejects a request, where the title of the error does not say it. */

/** @param instant such as "2026-11-28T09:00:00.000Z": the API does not know the reader's zone */
export const reviewOpens = (instant: string) => `You can review this session from ${instant}.`;
