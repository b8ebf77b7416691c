import type { FastifyReply } from "fastify";
import type { Identities } from "../http/identity.ts";
import type { Log } from "../queue/queueLogger.ts";
import type { EventStream } from "./eventStream.ts";
import { anyId, type LiveFeed } from "./feed.ts";

/** Before asking again which sessions are still there, when the database did not answer, ms. */
const pause = 2_000;

interface Sources {
  identities: Identities;
  feed: LiveFeed;
  log: Log;
}

export interface SessionStreams {
  /** Ends the stream together with the session, wherever that is ended. */
  add(sessionId: string, stream: EventStream, reply: FastifyReply): void;
}

/** The open streams of signed-in people. The database announces each session that ends. */
export function openSessionStreams({ identities, feed, log }: Sources): SessionStreams {
  const streams = new Map<string, Set<EventStream>>();
  let isListening = false;
  let isAskingAgain = false;

  const end = (sessionId: string) => {
    for (const stream of streams.get(sessionId) ?? []) stream.end();
  };
  async function endOver(sessionIds: readonly string[]): Promise<void> {
    try {
      const live = await identities.readLive(sessionIds);
      for (const id of sessionIds) if (!live.has(id)) end(id);
    } catch (error) {
      log.warn({ err: error }, "Ended sessions are looked for again");
      // One question for all of them: the streams may be many.
      if (isAskingAgain) return;
      isAskingAgain = true;
      setTimeout(() => {
        isAskingAgain = false;
        void endOver([...streams.keys()]);
      }, pause).unref();
    }
  }
  const hear = (about: string) => {
    // After a gap sessions may have ended without a word.
    if (about === "everything") void endOver([...streams.keys()]);
    else end(about);
  };

  return {
    add(sessionId, stream, { raw }) {
      if (raw.destroyed) return;
      if (!isListening) feed.subscribe("session", anyId, hear);
      isListening = true;
      const own = streams.get(sessionId) ?? new Set();
      streams.set(sessionId, own.add(stream));
      raw.once("close", () => {
        own.delete(stream);
        if (own.size === 0 && streams.get(sessionId) === own) streams.delete(sessionId);
      });
      // It may have ended before this stream was among those that are ended.
      void endOver([sessionId]);
    },
  };
}
