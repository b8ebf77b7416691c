import type { Client, Notification } from "pg";
import { LruMap } from "toad-cache";
import { abortableSleep } from "../abortableSleep.ts";
import type { Database } from "../database/database.ts";
import type { Log } from "../queue/queueLogger.ts";
import { openRevisionSweep } from "./revisionSweep.ts";

export type Channel = "availability" | "person" | "login";
const channels: readonly Channel[] = ["availability", "person", "login"];
/** Subscribes to every id of a channel. */
export const anyId = "*";

/**
 * Receives what changed for one id or, with `anyId`, the id that changed; "everything" if changes may have been missed.
 */
type Listener = (about: string) => void;

export interface LiveFeed {
  /** Listens for changes of one mentor, person or login. Returns the function that ends the subscription. */
  subscribe(channel: Channel, id: string, listener: Listener): () => void;
  /**
   * Whether this id has changed within the last seconds: a page that begins to listen may have fetched its data before
   * that.
   */
  hasJustChanged(channel: Channel, id: string): boolean;
  /**
   * ms since the last question to the database that it has answered on this connection was sent: everything announced before
   * that has been received. Infinity without a connection.
   */
  silentFor(): number;
  close(): Promise<void>;
}

/** Pauses between attempts to reconnect, ms. */
const shortestPause = 100;
const longestPause = 5_000;
/** How long it may take a page to begin to listen after it has fetched its data, ms. */
const openingMs = 10_000;
const maxJustChanged = 10_000;
/** How often the connection is checked, ms: a reply comes after all announcements that were sent before. */
const heartbeat = 250;
/** How often the times on open pages are checked for changes whose announcement was lost, ms. */
const sweepMs = 1_000;

/**
 * One listening connection per process, shared by all open pages and opened for the first of them. After an interruption
 * every subscriber is notified once, because notifications sent in between are lost. Announcements are sent after the commit
 * (../database/announcer.ts), so a killed process can lose one: changes of the times on open pages are also looked for every second.
 */
export function openFeed(database: Database, log: Log): LiveFeed {
  const subscribers = new Map<string, Set<Listener>>();
  const closing = new AbortController();
  let listening: Promise<void> | undefined;
  /** On the clock of performance.now(): when the last question that has been answered was sent. */
  let heardAt = Number.NEGATIVE_INFINITY;

  const justChanged = new LruMap<true>(maxJustChanged, openingMs);

  const sweep = openRevisionSweep(database.revisionPool);
  /** Mentors whose changes have been announced since the sweep before. */
  const announced = new Set<string>();
  let sweeping: Promise<void> | undefined;
  let isNewOnPages = new AbortController();

  const notify = (address: string, about: string) => {
    for (const listener of subscribers.get(address) ?? []) listener(about);
  };
  const onNotification = ({ channel, payload = "" }: Notification) => {
    const [id, about = "change"] = payload.split(" ", 2);
    justChanged.set(`${channel} ${id}`, true);
    notify(`${channel} ${id}`, about);
    if (id) notify(`${channel} ${anyId}`, id);
    if (id && channel === "availability") announced.add(id);
  };

  function mentorsOnPages(): string[] {
    return Array.from(subscribers.keys(), (address) => address.split(" ", 2))
      .filter(([channel, id]) => channel === "availability" && id !== anyId)
      .map(([, id = ""]) => id);
  }

  async function sweepRepeatedly(): Promise<void> {
    while (!closing.signal.aborted) {
      isNewOnPages = new AbortController();
      const mentors = mentorsOnPages();
      const before = new Set(announced);
      announced.clear();
      // A database that is out of reach is for listen() to report.
      const changed = mentors.length > 0 ? await sweep.look(mentors).catch(() => []) : [];
      for (const id of changed) {
        if (!before.has(id) && !announced.has(id)) notify(`availability ${id}`, "change");
      }
      await abortableSleep(sweepMs, AbortSignal.any([closing.signal, isNewOnPages.signal]));
    }
  }

  async function listen(): Promise<void> {
    let pause = shortestPause;
    while (!closing.signal.aborted) {
      try {
        const client = await database.connectListener();
        try {
          client.on("notification", onNotification);
          const askedAt = performance.now();
          await client.query(channels.map((channel) => `listen ${channel}`).join("; "));
          pause = shortestPause;
          for (const address of subscribers.keys()) notify(address, "everything");
          heardAt = askedAt;
          await connectionEnds(client, closing.signal, (at) => {
            heardAt = at;
          });
        } finally {
          heardAt = Number.NEGATIVE_INFINITY;
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
      if (channel === "availability" && id !== anyId) {
        sweeping ??= sweepRepeatedly();
        // Changes are found from the first look on.
        isNewOnPages.abort();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && subscribers.get(address) === listeners) subscribers.delete(address);
      };
    },
    hasJustChanged: (channel, id) => justChanged.get(`${channel} ${id}`) === true,
    silentFor: () => performance.now() - heardAt,
    close: async () => {
      closing.abort();
      await Promise.all([listening, sweeping]);
    },
  };
}

/**
 * Resolves when the connection is lost or the feed closes.
 * @param onReply receives when each question that was answered had been sent, on the clock of performance.now()
 */
function connectionEnds(
  client: Client,
  closing: AbortSignal,
  onReply: (askedAt: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let isWaiting = false;
    const checking = setInterval(() => {
      if (isWaiting) return;
      isWaiting = true;
      const askedAt = performance.now();
      client.query("select 1").then(() => {
        isWaiting = false;
        onReply(askedAt);
      }, done);
    }, heartbeat);
    function done(): void {
      clearInterval(checking);
      closing.removeEventListener("abort", done);
      resolve();
    }
    client.once("end", done);
    client.once("error", done);
    closing.addEventListener("abort", done);
    if (closing.aborted) done();
  });
}
