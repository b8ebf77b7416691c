import type { FastifyBaseLogger } from "fastify";

/** Why the process stops: a signal, or an error after which its state can't be trusted. */
export type StopCause = NodeJS.Signals | "fault";

export interface Stopping {
  /** Logs the error and stops the process in order with exit code 1, so that a supervisor restarts it. */
  fail(error: unknown, message: string): void;
}

/** How long an orderly stop after a fault may take before the process exits anyway, ms. */
const defaultFaultLimit = 15_000;

/**
 * Stops the app and then the process on Ctrl-C or SIGTERM, and on an unhandled error: by default Node would exit at once,
 * cutting off requests and leaving the embedded database running.
 */
export function stopOnSignal(
  stop: (cause: StopCause) => Promise<void>,
  log: Pick<FastifyBaseLogger, "fatal">,
  faultLimit = defaultFaultLimit,
): Stopping {
  let stopping = false;
  let exitCode = 0;

  const begin = (cause: StopCause) => {
    stopping = true;
    stop(cause).then(
      () => process.exit(exitCode),
      (error: unknown) => {
        process.stderr.write(`MatePeak did not stop cleanly: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  const onSignal = (signal: NodeJS.Signals) => {
    // A second Ctrl-C exits at once; the database recovers at the next start.
    if (stopping) process.exit(1);
    begin(signal);
  };
  const fail = (error: unknown, message: string) => {
    log.fatal({ err: error }, message);
    exitCode = 1;
    if (stopping) return;
    setTimeout(() => process.exit(1), faultLimit);
    begin("fault");
  };

  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // Node reports unhandled rejections here too.
  process.on("uncaughtException", (error) => fail(error, "An error was not handled: the process stops"));
  return { fail };
}
