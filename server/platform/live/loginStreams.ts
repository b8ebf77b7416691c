import type { FastifyReply } from "fastify";
import type { Identities } from "../http/identity.ts";
import type { Log } from "../queue/queueLogger.ts";
import type { EventStream } from "./eventStream.ts";
import { anyId, type LiveFeed } from "./feed.ts";

/** Before looking again for ended logins after the database did not answer, ms. */
const retryMs = 2_000;

interface Sources {
  identities: Identities;
  feed: LiveFeed;
  log: Log;
}

export interface LoginStreams {
  /** Ends the stream when the login ends, through whichever process. */
  add(loginId: string, stream: EventStream, reply: FastifyReply): void;
}

/** The open streams of signed-in people. The database announces each login that ends. */
export function openLoginStreams({ identities, feed, log }: Sources): LoginStreams {
  const streams = new Map<string, Set<EventStream>>();
  let isListening = false;
  let isRetrying = false;

  const end = (loginId: string) => {
    for (const stream of streams.get(loginId) ?? []) stream.end();
  };
  async function endOver(loginIds: readonly string[]): Promise<void> {
    try {
      const live = await identities.readLive(loginIds);
      for (const id of loginIds) if (!live.has(id)) end(id);
    } catch (error) {
      log.warn({ err: error }, "Looking for ended logins failed; trying again");
      // One retry for all streams.
      if (isRetrying) return;
      isRetrying = true;
      setTimeout(() => {
        isRetrying = false;
        void endOver([...streams.keys()]);
      }, retryMs).unref();
    }
  }
  const onLoginEnd = (about: string) => {
    // After an interruption, logins may have ended unnoticed.
    if (about === "everything") void endOver([...streams.keys()]);
    else end(about);
  };

  return {
    add(loginId, stream, { raw }) {
      if (raw.destroyed) return;
      if (!isListening) feed.subscribe("login", anyId, onLoginEnd);
      isListening = true;
      const own = streams.get(loginId) ?? new Set();
      streams.set(loginId, own.add(stream));
      raw.once("close", () => {
        own.delete(stream);
        if (own.size === 0 && streams.get(loginId) === own) streams.delete(loginId);
      });
      // It may have ended before this stream was added.
      void endOver([loginId]);
    },
  };
}
