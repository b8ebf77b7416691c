import { lookup as lookupHost } from "node:dns/promises";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import type { Readable } from "node:stream";
import { createGunzip, createInflate } from "node:zlib";
import { isPublicAddress } from "./publicAddress.ts";

/**
 * Requests to addresses that people have entered (server-side request forgery, OWASP ASVS 1.3.6): only https, only to the public
 * internet, also after redirects. A host's addresses are looked up once and judged, and the connection goes to one of these.
 */
export type PublicFetch = (address: string, asked?: PublicRequest) => Promise<PublicAnswer>;

export interface PublicRequest {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** For everything, from the look-up to the last byte, redirects included. */
  timeoutMs?: number;
  /** Of the body once unpacked. */
  maxBytes?: number;
  /** Further ones are an error; 0: a redirect is an answer like others. */
  maxRedirects?: number;
  signal?: AbortSignal | undefined;
}

interface PublicAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** Where it came from, after redirects. */
  url: string;
}

type Reason = "address_private" | "insecure" | "unreachable" | "too_slow" | "too_large" | "unreadable";

/** There was no answer that can be read. The message contains nothing of the request. */
export class NoPublicAnswer extends Error {
  readonly reason: Reason;

  constructor(reason: Reason, message: string) {
    super(message);
    this.name = "NoPublicAnswer";
    this.reason = reason;
  }
}

export interface PublicFetchOptions {
  /** `host` or `host:port` in the operator's own network, which may also be asked without TLS. */
  privateHosts?: readonly string[];
  /** How a host's addresses are found. */
  resolve?: (host: string) => Promise<readonly string[]>;
}

const usual = { timeoutMs: 15_000, maxBytes: 2 * 1024 * 1024, maxRedirects: 5 };
/** What must not follow a redirect to another origin. */
const secretHeaders = new Set(["authorization", "cookie"]);

export function openPublicFetch({
  privateHosts = [],
  resolve = resolveHost,
}: PublicFetchOptions = {}): PublicFetch {
  const ownHosts = new Set(privateHosts.map((host) => host.toLowerCase()));

  return async (address, asked = {}) => {
    const { timeoutMs, maxRedirects } = { ...usual, ...asked };
    const time = AbortSignal.timeout(timeoutMs);
    const signal = asked.signal ? AbortSignal.any([time, asked.signal]) : time;
    try {
      return await follow(address, asked, signal, maxRedirects);
    } catch (error) {
      if (error instanceof NoPublicAnswer) throw error;
      if (time.aborted) throw new NoPublicAnswer("too_slow", `no answer within ${timeoutMs / 1000} s`);
      asked.signal?.throwIfAborted();
      throw new NoPublicAnswer("unreachable", `no answer (${codeOf(error)})`);
    }
  };

  async function follow(address: string, asked: PublicRequest, signal: AbortSignal, maxRedirects: number) {
    let url = parse(address);
    let { method = "GET", headers = {}, body } = asked;
    for (let hop = 0; ; hop += 1) {
      const answer = await ask(url, { ...asked, method, headers, body }, signal);
      const location = answer.headers.get("location");
      if (!isRedirect(answer.status) || location === null || maxRedirects === 0) return answer;
      if (hop === maxRedirects) {
        throw new NoPublicAnswer("unreachable", `more than ${maxRedirects} redirects`);
      }
      const next = parse(location, url);
      if (next.origin !== url.origin) headers = withoutSecrets(headers);
      // All others repeat the request as it was: a PROPFIND that becomes a GET asks for something else.
      if (answer.status === 303) ({ method, body } = { method: "GET", body: undefined });
      url = next;
    }
  }

  async function ask(
    url: URL,
    {
      method,
      headers,
      body,
      maxBytes = usual.maxBytes,
    }: Omit<PublicRequest, "body"> & { body: string | undefined },
    signal: AbortSignal,
  ): Promise<PublicAnswer> {
    const isOwn = ownHosts.has(url.host.toLowerCase()) || ownHosts.has(url.hostname.toLowerCase());
    if (url.protocol !== "https:" && !(isOwn && url.protocol === "http:")) {
      throw new NoPublicAnswer("insecure", "the address does not begin with https://");
    }
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const addresses = isIP(host) ? [host] : await abortable(resolve(host), signal);
    // All of them: one that may be chosen next time must not be private either.
    if (!isOwn && !addresses.every(isPublicAddress)) {
      throw new NoPublicAnswer("address_private", "the address is not of the public internet");
    }
    const response = await send(url, { method, headers, body, addresses, signal });
    return {
      status: response.statusCode ?? 0,
      headers: headersOf(response),
      text: await readBounded(response, maxBytes),
      url: url.href,
    };
  }
}

function parse(address: string, base?: URL): URL {
  const url = URL.parse(address, base);
  if (!url) throw new NoPublicAnswer("unreachable", "the address cannot be read");
  return url;
}

function send(
  url: URL,
  {
    method,
    headers = {},
    body,
    addresses,
    signal,
  }: {
    method: string | undefined;
    headers: Readonly<Record<string, string>> | undefined;
    body: string | undefined;
    addresses: readonly string[];
    signal: AbortSignal;
  },
): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  const all = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_host, options, done) => {
    const [first] = all;
    if (!first) done(new Error("no address"), "", 0);
    else if (options.all) done(null, all);
    else done(null, first.address, first.family);
  };
  return new Promise((resolve, reject) => {
    const sent = request(
      // Credentials in an address would be sent, and logged by others.
      new URL(url.pathname + url.search, url.origin),
      {
        method,
        headers: {
          "user-agent": "MatePeak",
          "accept-encoding": "gzip, deflate",
          ...headers,
          ...(body !== undefined && { "content-length": String(Buffer.byteLength(body)) }),
        },
        lookup,
        signal,
        // A connection that is kept would be used again for a name whose addresses have changed.
        agent: false,
      },
      resolve,
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    try {
      headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
    } catch {
      // A header that is none is left out.
    }
  }
  return headers;
}

/** Unpacked here, so that a small answer cannot become a huge one. */
async function readBounded(response: IncomingMessage, maxBytes: number): Promise<string> {
  const packed = response.headers["content-encoding"]?.toLowerCase() ?? "identity";
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of unpack(response, packed)) {
      length += (chunk as Buffer).byteLength;
      if (length > maxBytes)
        throw new NoPublicAnswer("too_large", `an answer of more than ${maxBytes} bytes`);
      chunks.push(chunk as Buffer);
    }
  } finally {
    response.destroy();
  }
  return Buffer.concat(chunks).toString("utf8");
}

function unpack(response: IncomingMessage, packed: string): Readable {
  if (packed === "identity" || packed === "") return response;
  const unpacking =
    packed === "gzip" || packed === "x-gzip" ? createGunzip() : packed === "deflate" ? createInflate() : null;
  if (!unpacking) throw new NoPublicAnswer("unreadable", "the answer is packed in an unknown way");
  response.on("error", (error) => unpacking.destroy(error));
  return response.pipe(unpacking);
}

async function resolveHost(host: string): Promise<string[]> {
  return (await lookupHost(host, { all: true })).map(({ address }) => address);
}

/** A look-up cannot be stopped, but need not be waited for. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !secretHeaders.has(name.toLowerCase())),
  );
}

/** Only a code: messages of the network may hold addresses and headers. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "the connection failed";
}
