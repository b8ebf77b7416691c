import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

/** After this many failures the announcements are given up, as if the process had been killed. */
const maxTries = 3;
/** Collects announcements for this long, ms, so that many changes are sent in one commit. */
const collectMs = 5;

export type AnnouncementListener = (channel: string, payload: string) => void;

export interface Announcer {
  /** Sends them soon. @param lines as private.announce() collects them: "channel payload" */
  announce(lines: readonly string[]): void;
  /** Calls the listener with each announcement of this process at once, before it is sent. */
  onAnnouncement(listener: AnnouncementListener): void;
  /** Sends the rest. */
  close(): Promise<void>;
}

/**
 * Sends what transactions have announced, after their commit: a NOTIFY inside a transaction would let only one transaction
 * of the whole server commit at a time. What a killed process has not sent is made up for within a second: open pages by
 * the sweep of the feed, messages by the sweep of booking events.
 */
export function openAnnouncer(executor: Pick<pg.Pool, "query">): Announcer {
  const collected = new Set<string>();
  const listeners: AnnouncementListener[] = [];
  let sending: Promise<void> | undefined;

  async function send(): Promise<void> {
    await sleep(collectMs);
    const lines = Array.from(collected, splitLine);
    collected.clear();
    sending = undefined;
    for (let tries = 1; tries <= maxTries && !(await notify(lines)); tries++) await sleep(tries * 100);
  }

  /** Returns false if the connection was lost: the next try has another one. */
  async function notify(lines: readonly [channel: string, payload: string][]): Promise<boolean> {
    return executor
      .query({
        name: "send_announcements",
        // What is lost with the server's power has no listener left either.
        text: "select set_config('synchronous_commit', 'off', true), private.send_announcements($1, $2)",
        values: [lines.map(([channel]) => channel), lines.map(([, payload]) => payload)],
      })
      .then(
        () => true,
        () => false,
      );
  }

  return {
    announce: (lines) => {
      for (const line of lines) {
        collected.add(line);
        for (const listener of listeners) listener(...splitLine(line));
      }
      if (collected.size > 0) sending ??= send();
    },
    onAnnouncement: (listener) => {
      listeners.push(listener);
    },
    close: async () => {
      await sending;
    },
  };
}

function splitLine(line: string): [channel: string, payload: string] {
  const at = line.indexOf(" ");
  return [line.slice(0, at), line.slice(at + 1)];
}
