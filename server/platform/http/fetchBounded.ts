/** A call over HTTP that ends in time and in a bounded number of bytes, whatever the other side does. */

export interface Bounds {
  /** For everything, from the connection to the last byte. */
  timeoutMs: number;
  maxBytes: number;
}

/** The longest answers are lists of a hundred objects of two or three KiB each. */
export const usualBounds: Bounds = { timeoutMs: 10_000, maxBytes: 2 * 1024 * 1024 };

/** There was no answer that can be read. What was asked for may have happened. The message holds nothing of the request. */
export class NoAnswer extends Error {}

export interface BoundedAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** @throws NoAnswer in place of every error. Redirects are not followed: the credentials are for one host. */
export async function fetchBounded(
  url: string | URL,
  init: RequestInit,
  { timeoutMs, maxBytes }: Bounds,
): Promise<BoundedAnswer> {
  const time = AbortSignal.timeout(timeoutMs);
  const signal = init.signal ? AbortSignal.any([time, init.signal]) : time;
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal });
    return {
      status: response.status,
      headers: response.headers,
      text: await readBounded(response, maxBytes),
    };
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    if (time.aborted) throw new NoAnswer(`no answer within ${timeoutMs / 1000} s`);
    throw new NoAnswer(`no answer (${reasonOf(error)})`);
  }
}

async function readBounded({ body }: Response, maxBytes: number): Promise<string> {
  if (!body) return "";
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    // Leaving the loop closes the connection.
    if (length > maxBytes) throw new NoAnswer(`an answer of more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Only a code: messages of the network may hold addresses and headers. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : "the connection failed";
}
