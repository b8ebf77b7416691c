import type { FastifyReply } from "fastify";
import type { Identities } from "../http/identity.ts";
import type { Log } from "../queue/queueLogger.ts";
import type { EventStream } from "./eventStream.ts";
import { anyId, type LiveFeed } from "./feed.ts";

/** Before looking again for ended sessions after the database did not answer, ms. */
const retryMs = 2_000;

interface Sources {
  identities: Identities;
  feed: LiveFeed;
  log: Log;
}

export interface SessionStreams {
  /** Ends the stream when the login session ends, through whichever process. */
  add(sessionId: string, stream: EventStream, reply: FastifyReply): void;
}

/** The open streams of signed-in people. The database announces each login session that ends. */
export function openSessionStreams({ identities, feed, log }: Sources): SessionStreams {
  const streams = new Map<string, Set<EventStream>>();
  let isListening = false;
  let isRetrying = false;

  const end = (sessionId: string) => {
    for (const stream of streams.get(sessionId) ?? []) stream.end();
  };
  async function endOver(sessionIds: readonly string[]): Promise<void> {
    try {
      const live = await identities.readLive(sessionIds);
      for (const id of sessionIds) if (!live.has(id)) end(id);
    } catch (error) {
      log.warn({ err: error }, "Looking for ended sessions failed; trying again");
      // One retry for all streams.
      if (isRetrying) return;
      isRetrying = true;
      setTimeout(() => {
        isRetrying = false;
        void endOver([...streams.keys()]);
      }, retryMs).unref();
    }
  }
  const onSessionEnd = (about: string) => {
    // After an interruption, sessions may have ended unnoticed.
    if (about === "everything") void endOver([...streams.keys()]);
    else end(about);
  };

  return {
    add(sessionId, stream, { raw }) {
      if (raw.destroyed) return;
      if (!isListening) feed.subscribe("session", anyId, onSessionEnd);
      isListening = true;
      const own = streams.get(sessionId) ?? new Set();
      streams.set(sessionId, own.add(stream));
      raw.once("close", () => {
        own.delete(stream);
        if (own.size === 0 && streams.get(sessionId) === own) streams.delete(sessionId);
      });
      // It may have ended before this stream was added.
      void endOver([sessionId]);
    },
  };
}
