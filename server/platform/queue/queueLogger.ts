import type { FastifyBaseLogger } from "fastify";
import { Logger } from "graphile-worker";

export type Log = Pick<FastifyBaseLogger, "debug" | "info" | "warn" | "error">;

const levels: Readonly<Record<string, keyof Log>> = {
  error: "error",
  warning: "warn",
  info: "debug",
  debug: "debug",
};

/** What the queue's library says, in our log; silent without one. It tells of every job: that is for debugging. */
export function queueLogger(log?: Log): Logger {
  return new Logger((scope) => (level, message, meta) => {
    log?.[levels[level] ?? "info"]({ ...scope, ...(meta?.error ? { err: meta.error } : {}) }, message);
  });
}
