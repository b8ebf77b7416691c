/** The role that owns the job queue and nothing else. */
export const queueRole = "matepeak_jobs";
