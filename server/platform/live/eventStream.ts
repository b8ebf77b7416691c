import type { FastifyReply, FastifyRequest } from "fastify";

/** A comment that keeps proxies from thinking that nobody is there, ms. */
const heartbeat = 20_000;
/** A stream ends by itself, so that whoever was signed out meanwhile is asked again who he is, ms. */
const longestLife = 30 * 60_000;
/** What a browser waits before it connects again, ms. */
const retry = 1_000;
/** Changes that follow each other faster than this reach the page as one, ms. */
const calm = 200;
/** Nobody reads so slowly that so much is waiting, bytes. */
const mostWaiting = 64 * 1024;

export interface EventStream {
  /** Sends an event now, or with the next if one was sent just before. */
  send(event: string, data: string): void;
  end(): void;
}

/**
 * Answers with Server-Sent Events (WHATWG HTML, 9.2). The answer is the stream's from here on: no hook touches it, so
 * it is never compressed, which would hold small events back.
 */
export function openEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  onEnd: () => void,
): EventStream {
  reply.hijack();
  const { raw } = reply;
  const waiting = new Map<string, string>();
  let calmDown: NodeJS.Timeout | undefined;
  let count = 0;
  let ended = false;

  raw.writeHead(200, {
    ...definedHeaders(reply),
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    "x-request-id": request.id,
  });
  raw.write(`retry: ${retry}\n\n`);
  const beat = setInterval(() => write(": still here\n\n"), heartbeat);
  const life = setTimeout(end, longestLife);
  raw.on("close", end);
  raw.on("error", end);

  function write(text: string): void {
    if (ended) return;
    raw.write(text);
    if (raw.writableLength > mostWaiting) raw.destroy();
  }
  function flush(): void {
    calmDown = undefined;
    if (waiting.size === 0) return;
    for (const [key, data] of waiting) {
      const [event] = key.split(" ", 1);
      write(`id: ${Date.now()}-${++count}\nevent: ${event}\ndata: ${data}\n\n`);
    }
    waiting.clear();
    calmDown = setTimeout(flush, calm);
  }
  function end(): void {
    if (ended) return;
    ended = true;
    clearInterval(beat);
    clearTimeout(life);
    clearTimeout(calmDown);
    onEnd();
    raw.end();
  }
  return {
    send: (event, data) => {
      if (ended) return;
      waiting.set(`${event} ${data}`, data);
      if (calmDown === undefined) flush();
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
