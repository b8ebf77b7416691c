import type { FastifyBaseLogger } from "fastify";
import { abortableSleep } from "../platform/abortableSleep.ts";
import { isProcess, processIdentity } from "./lock.ts";

/** How often the server's process is checked, ms. */
const checkInterval = 500;
/** Pauses before each attempt to restart the server, ms. */
const pauses = [0, 500, 2_000, 5_000];
/** A server that ends more often than this within `period` ms has a problem that a restart does not solve. */
const maxRestarts = 5;
const period = 10 * 60_000;

export interface KeepRunning {
  log: Pick<FastifyBaseLogger, "info" | "warn" | "error">;
  /** The server has ended and cannot be restarted. */
  giveUp: (error: unknown) => void;
}

interface WatchedServer {
  /** Process id of the server; called again after each start. */
  pid: () => number | null;
  /** Starts it on the same port. @throws when it cannot be started */
  start: () => Promise<void>;
}

/**
 * Restarts a server whose process has ended (killed, out of memory). A live process that does not respond is left alone,
 * because it may be recovering. Returns a function that stops watching and waits for a restart in progress.
 */
export function watchServer(
  { pid, start }: WatchedServer,
  { log, giveUp }: KeepRunning,
): () => Promise<void> {
  const stopping = new AbortController();
  const restarts: number[] = [];
  let watched = pid();

  async function startAgain(): Promise<void> {
    const now = performance.now();
    restarts.push(now);
    if (restarts.filter((at) => at > now - period).length > maxRestarts) {
      throw new Error(`It was gone ${maxRestarts + 1} times within ${period / 60_000} minutes.`);
    }
    for (const [tried, pause] of pauses.entries()) {
      await abortableSleep(pause, stopping.signal);
      if (stopping.signal.aborted) return;
      try {
        return await start();
      } catch (error) {
        if (tried === pauses.length - 1) throw error;
        log.warn({ err: error }, "The embedded PostgreSQL did not start");
      }
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await abortableSleep(checkInterval, stopping.signal, false);
      if (stopping.signal.aborted || (watched !== null && lives(watched))) continue;
      log.error({ pid: watched }, "The embedded PostgreSQL is gone and is started again");
      const since = performance.now();
      await startAgain();
      watched = pid();
      log.info(
        { pid: watched, ms: Math.round(performance.now() - since) },
        "The embedded PostgreSQL runs again",
      );
    }
  }

  const watching = watch().catch(giveUp);
  return () => {
    stopping.abort();
    return watching;
  };
}

/** A killed process that has not been reaped still has its id. */
function lives(pid: number): boolean {
  if (process.platform === "linux") return processIdentity(pid) !== null;
  return isProcess(pid);
}
