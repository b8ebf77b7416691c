/** The role that owns the job queue and nothing else; db/migrations/0009_jobs.sql makes it. */
export const queueRole = "matepeak_jobs";
