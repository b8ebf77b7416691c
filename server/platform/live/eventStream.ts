import type { FastifyReply, FastifyRequest } from "fastify";

/** How often a comment is sent, so that proxies don't close an idle connection. */
const heartbeatMs = 20_000;
/** A stream ends after this time, so that the next request checks again who is signed in. */
const maxLifeMs = 30 * 60_000;
/** How long browsers wait before they reconnect. */
const retryMs = 1_000;
/** Events closer together than this are sent as one. */
const coalesceMs = 200;
/** A client with more unread data than this has stalled and is disconnected. */
const maxBufferedBytes = 64 * 1024;

export interface EventStream {
  /** Sends an event now, or within `coalesceMs` if another was sent just before. */
  send(event: string, data: string): void;
  end(): void;
}

/**
 * Responds with Server-Sent Events (WHATWG HTML, 9.2). The response is hijacked: no hook touches it, so it is never
 * compressed, which would delay small events.
 */
export function openEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  onEnd: () => void,
): EventStream {
  reply.hijack();
  const { raw } = reply;
  const pending = new Map<string, string>();
  let flushTimer: NodeJS.Timeout | undefined;
  let count = 0;
  let ended = false;

  raw.writeHead(200, {
    ...definedHeaders(reply),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    "x-request-id": request.id,
  });
  raw.write(`retry: ${retryMs}\n\n`);
  const beat = setInterval(() => write(": still here\n\n"), heartbeatMs);
  const life = setTimeout(end, maxLifeMs);
  raw.on("close", end);
  raw.on("error", end);

  function write(text: string): void {
    if (ended) return;
    raw.write(text);
    if (raw.writableLength > maxBufferedBytes) raw.destroy();
  }
  function flush(): void {
    flushTimer = undefined;
    if (pending.size === 0) return;
    for (const [key, data] of pending) {
      const [event] = key.split(" ", 1);
      write(`id: ${Date.now()}-${++count}\nevent: ${event}\ndata: ${data}\n\n`);
    }
    pending.clear();
    flushTimer = setTimeout(flush, coalesceMs);
  }
  function end(): void {
    if (ended) return;
    ended = true;
    clearInterval(beat);
    clearTimeout(life);
    clearTimeout(flushTimer);
    onEnd();
    raw.end();
  }
  return {
    send: (event, data) => {
      if (ended) return;
      pending.set(`${event} ${data}`, data);
      if (flushTimer === undefined) flush();
    },
    end,
  };
}

function definedHeaders(reply: FastifyReply): Record<string, string | number | string[]> {
  const headers: Record<string, string | number | string[]> = {};
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}
