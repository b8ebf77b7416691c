import type { FastifyBaseLogger } from "fastify";

/** Why the process stops: a signal, or a fault after which its state cannot be trusted. */
export type StopCause = NodeJS.Signals | "fault";

export interface Stopping {
  /** Logs why the process cannot go on and stops it in order, with exit code 1, so that a supervisor starts it again. */
  fail(error: unknown, message: string): void;
}

/** How long an orderly stop after a fault may take before the process ends anyway, ms. */
const usualFaultLimit = 15_000;

/**
 * Ctrl-C or SIGTERM stops what runs, then the process. The last resort for an error that no code handles does the same:
 * Node would end the process at once, with requests cut and the embedded database left running.
 */
export function stopOnSignal(
  stop: (cause: StopCause) => Promise<void>,
  log: Pick<FastifyBaseLogger, "fatal">,
  faultLimit = usualFaultLimit,
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
    // A second Ctrl-C says that waiting is over; the database recovers by itself at the next start.
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
  // Unhandled rejections arrive here as well: that is Node's default.
  process.on("uncaughtException", (error) => fail(error, "An error was not handled: the process stops"));
  return { fail };
}
