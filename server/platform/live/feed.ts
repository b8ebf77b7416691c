import type { Client, Notification } from "pg";
import { abortableSleep } from "../abortableSleep.ts";
import type { Database } from "../database/database.ts";
import type { Log } from "../queue/queueLogger.ts";

export type Channel = "availability" | "person" | "session";
const channels: readonly Channel[] = ["availability", "person", "session"];
/** Instead of an id: whatever is said on a channel. */
export const anyId = "*";

/**
 * What the database says on a channel about one id, or for `anyId` the id that it says something about; "everything"
 * when something may have been missed.
 */
type Listener = (about: string) => void;

export interface LiveFeed {
  /** Hears of one mentor, person or session until the function that it answers is called. */
  subscribe(channel: Channel, id: string, listener: Listener): () => void;
  close(): Promise<void>;
}

/** Between tries to connect again, ms. */
const shortestPause = 100;
const longestPause = 5_000;
/** How often a connection on which nothing happens is asked whether it is still there, ms. */
const heartbeat = 15_000;

/**
 * One connection per process that listens, shared by everybody who looks at a page. It is opened for the first of them.
 * After a gap everybody is told once: what happened in between was said to nobody.
 */
export function openFeed(database: Database, log: Log): LiveFeed {
  const subscribers = new Map<string, Set<Listener>>();
  const closing = new AbortController();
  let listening: Promise<void> | undefined;

  const tell = (address: string, about: string) => {
    for (const listener of subscribers.get(address) ?? []) listener(about);
  };
  const onNotification = ({ channel, payload = "" }: Notification) => {
    const [id, about = "change"] = payload.split(" ", 2);
    tell(`${channel} ${id}`, about);
    if (id) tell(`${channel} ${anyId}`, id);
  };

  async function listen(): Promise<void> {
    let pause = shortestPause;
    while (!closing.signal.aborted) {
      try {
        const client = await database.connectListener();
        try {
          client.on("notification", onNotification);
          await client.query(channels.map((channel) => `listen ${channel}`).join("; "));
          pause = shortestPause;
          for (const address of subscribers.keys()) tell(address, "everything");
          await connectionEnds(client, closing.signal);
        } finally {
          await client.end().catch(() => undefined);
        }
      } catch (error) {
        if (!closing.signal.aborted) log.warn({ err: error }, "Live updates are interrupted");
      }
      await abortableSleep(pause, closing.signal);
      pause = Math.min(pause * 2, longestPause);
    }
  }

  return {
    subscribe: (channel, id, listener) => {
      const address = `${channel} ${id}`;
      const listeners = subscribers.get(address) ?? new Set();
      subscribers.set(address, listeners.add(listener));
      listening ??= listen();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && subscribers.get(address) === listeners) subscribers.delete(address);
      };
    },
    close: async () => {
      closing.abort();
      await listening;
    },
  };
}

/** Waits until a connection is lost, or nobody needs it any more. */
function connectionEnds(client: Client, closing: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const asking = setInterval(() => {
      client.query("select 1").catch(done);
    }, heartbeat);
    function done(): void {
      clearInterval(asking);
      closing.removeEventListener("abort", done);
      resolve();
    }
    client.once("end", done);
    client.once("error", done);
    closing.addEventListener("abort", done);
    if (closing.aborted) done();
  });
}
