import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** What a vendor's server can do wrong. `…_before`: what was asked for has not happened; all others: it has. */
export type Fault =
  | "stall"
  | "stall_in_body"
  | "fail_before"
  | "fail_after"
  | "nonsense"
  | "other_shape"
  | "huge"
  | "close_before"
  | "close_after"
  | "redirect"
  | "too_many_before";

export interface VendorRequest {
  method: string;
  /** Segments, without the version. */
  path: string[];
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface VendorAnswer {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

export interface Vendor {
  /** The stored answer to a repeated request. */
  replay(request: VendorRequest): VendorAnswer | undefined;
  perform(request: VendorRequest): VendorAnswer | Promise<VendorAnswer>;
  /** Stores the answer for `replay`. @param performed what was to be answered, before something went wrong */
  remember(request: VendorRequest, answer: VendorAnswer, performed: VendorAnswer): void;
  failure: VendorAnswer;
  tooMany: VendorAnswer;
}

const stallMs = 30_000;
const patientMs = 10_000;
/** How long a client waits for an answer that it knows will not come. */
export const impatientMs = 400;
/** Twice the most that is read. */
const hugeBytes = 4 * 1024 * 1024;

/** A vendor's API over HTTP, which misbehaves on request. */
export async function startVendorServer(vendor: Vendor) {
  const faults: { fault: Fault | VendorAnswer; only: RegExp }[] = [];
  const calls: VendorRequest[] = [];
  const closing = new AbortController();

  function takeFault({ method, path }: VendorRequest): Fault | VendorAnswer | undefined {
    const index = faults.findIndex(({ only }) => only.test(`${method} /${path.join("/")}`));
    return index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://vendor.test");
    const asked: VendorRequest = {
      method: request.method ?? "",
      path: url.pathname.split("/").slice(2).map(decodeURIComponent),
      query: url.searchParams,
      headers: request.headers,
      body: await text(request),
    };
    calls.push(asked);
    const fault = takeFault(asked);
    if (typeof fault === "object") return send(response, fault);
    if (fault === "close_before") return void request.socket.destroy();
    if (fault === "fail_before") return send(response, vendor.failure);
    if (fault === "too_many_before") return send(response, vendor.tooMany);
    const answer = vendor.replay(asked) ?? (await performed(asked, fault === "fail_after"));
    await distort(fault, answer, response);
  }

  async function performed(asked: VendorRequest, fails: boolean): Promise<VendorAnswer> {
    const right = await vendor.perform(asked);
    const given = fails ? vendor.failure : right;
    vendor.remember(asked, given, right);
    return given;
  }

  async function distort(
    fault: Fault | undefined,
    answer: VendorAnswer,
    response: ServerResponse,
  ): Promise<void> {
    switch (fault) {
      case "stall":
        await sleep(stallMs, undefined, { signal: closing.signal });
        return send(response, answer);
      case "stall_in_body":
        response.writeHead(answer.status, { "content-type": "application/json" }).write("{");
        await sleep(stallMs, undefined, { signal: closing.signal });
        return void response.end("}");
      case "nonsense":
        return void response
          .writeHead(200, { "content-type": "text/html" })
          .end("<html><h1>Maintenance</h1></html>");
      case "other_shape":
        return send(response, { status: 200, body: { object: "surprise", entity: "surprise" } });
      case "huge":
        return void response.writeHead(200, { "content-type": "application/json" }).end(huge(answer.body));
      case "close_after":
        return void response.socket?.destroy();
      case "redirect":
        return void response.writeHead(302, { location: "http://127.0.0.1:1/v1/elsewhere" }).end("{}");
      default:
        return send(response, answer);
    }
  }

  const bounds = {
    get timeoutMs() {
      const stalls = faults.some(({ fault }) => fault === "stall" || fault === "stall_in_body");
      return stalls ? impatientMs : patientMs;
    },
    maxBytes: hugeBytes / 4,
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    /** For its clients: patient, but for a call that stalls, so that no other test depends on the machine's speed. */
    bounds,
    /** All requests so far. */
    calls,
    /** The next call goes wrong. @param only "POST /orders": the next of these */
    misbehave: (fault: Fault, only = /^/) => void faults.push({ fault, only }),
    /** The next call is answered with this, and not performed. */
    answerOnce: (status: number, body: object, only = /^/, headers: Record<string, string> = {}) =>
      void faults.push({ fault: { status, body, headers }, only }),
    close: async () => {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, { status, body, headers = {} }: VendorAnswer): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** Right, but for its length. */
function huge(body: object): string {
  return JSON.stringify({ ...body, padding: "x".repeat(hugeBytes) });
}
