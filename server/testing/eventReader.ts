interface ServerEvent {
  id: string;
  event: string;
  data: string;
}

/** Reads Server-Sent Events as a browser does, as far as our tests need it. */
export interface EventReader {
  status: number;
  headers: Headers;
  /** The events received so far. */
  events: ServerEvent[];
  /** Resolves with the first events. @throws if there are fewer after the given ms */
  next(count: number, within: number): Promise<ServerEvent[]>;
  /** Waits until no event has arrived for the given ms. */
  quiet(ms?: number): Promise<void>;
  clear(): void;
  close(): void;
  /** Settles when the server or the test ends the stream. */
  ended: Promise<void>;
}

export async function readEvents(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
  const closing = new AbortController();
  const response = await fetch(url, {
    headers: { accept: "text/event-stream", ...headers },
    signal: closing.signal,
  });
  const events: ServerEvent[] = [];
  let lastAt = performance.now();
  let text = "";
  const read = async () => {
    if (!response.body) return;
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = parse(block);
        if (!event) continue;
        events.push(event);
        lastAt = performance.now();
      }
    }
  };
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    status: response.status,
    headers: response.headers,
    events,
    next: async (count, within) => {
      for (const until = performance.now() + within; performance.now() < until; await wait(10)) {
        if (events.length >= count) return events.slice(0, count);
      }
      throw new Error(`Within ${within} ms there came ${events.length} events, not ${count}.`);
    },
    quiet: async (ms = 450) => {
      lastAt = Math.max(lastAt, performance.now());
      while (performance.now() - lastAt < ms) await wait(20);
    },
    clear: () => events.splice(0),
    close: () => closing.abort(),
    ended: read().catch(() => undefined),
  };
}

function parse(block: string): ServerEvent | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 2));
  }
  const event = fields.get("event");
  return event === undefined
    ? undefined
    : { id: fields.get("id") ?? "", event, data: fields.get("data") ?? "" };
}
