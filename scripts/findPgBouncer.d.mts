export const pgBouncerFolder: string;
export const debianReleases: readonly string[];
/** See findPgBouncer.mjs: each version that is there, the oldest first. */
export function findPgBouncers(): { version: string; command: string[] }[];
