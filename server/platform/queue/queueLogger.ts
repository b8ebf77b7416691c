import type { FastifyBaseLogger } from "fastify";
import { Logger } from "graphile-worker";

export type Log = Pick<FastifyBaseLogger, "debug" | "info" | "warn" | "error">;

const levels: Readonly<Record<string, keyof Log>> = {
  error: "error",
  warning: "warn",
  info: "debug",
  debug: "debug",
};

/** Writes graphile-worker's log lines to the app's log, or drops them. Its info lines, one per job, become debug lines. */
export function queueLogger(log?: Log): Logger {
  return new Logger((scope) => (level, message, meta) => {
    log?.[levels[level] ?? "info"]({ ...scope, ...(meta?.error ? { err: meta.error } : {}) }, message);
  });
}
