import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { isPublicAddress } from "./publicAddress.ts";
import { type NoPublicAnswer, openPublicFetch, type PublicRequest } from "./publicFetch.ts";

interface Asked {
  method: string;
  url: string;
  host: string;
  authorization: string | undefined;
}
const asked: Asked[] = [];
const server = createServer((request, response) => {
  const { method = "", url = "", headers } = request;
  asked.push({ method, url, host: headers.host ?? "", authorization: headers.authorization });
  const redirect = /^\/redirect\/(\d+)\/(.*)$/.exec(url);
  if (redirect) {
    response.writeHead(Number(redirect[1]), { location: decodeURIComponent(redirect[2] ?? "") }).end();
  } else if (url === "/again") response.writeHead(302, { location: "/again" }).end();
  else if (url === "/never") return;
  else if (url === "/drip") {
    // A byte at a time keeps the connection busy.
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  } else if (url === "/bomb") {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(100_000)));
  } else if (url === "/packed") {
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("unpacked"));
  } else if (url === "/cut") {
    response.writeHead(200, { "content-length": "100" }).write("half");
    setTimeout(() => response.destroy(), 20);
  } else response.end("x".repeat(Number(url.slice(1))));
}).listen(0, "127.0.0.1");
await once(server, "listening");
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void asked.splice(0));

const { port } = server.address() as AddressInfo;
const own = `http://127.0.0.1:${port}`;
const bounds = { timeoutMs: 400, maxBytes: 1000, maxRedirects: 2 };
const toOwn = openPublicFetch({ privateHosts: [`127.0.0.1:${port}`] });
const ask = (path: string, more: PublicRequest = {}) => toOwn(own + path, { ...bounds, ...more });
const reason = (answer: Promise<unknown>) =>
  answer.then(
    () => "answered",
    (error: NoPublicAnswer) => error.reason,
  );

describe("an address in a private network is refused", () => {
  it.each([
    "127.0.0.1",
    "127.8.9.10",
    "0.0.0.0",
    "10.1.2.3",
    "172.31.255.255",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "2002:7f00:1::",
    "2001:db8::1",
    "2001::1",
  ])("%s", (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::200e"])(
    "and %s is not",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://[::1]/",
    "https://[::ffff:7f00:1]/",
    "https://localhost/",
    `https://127.0.0.1:${port}/5`,
  ])("%s", async (address) => {
    expect(await reason(openPublicFetch()(address))).toBe("address_private");
    expect(asked).toEqual([]);
  });

  it("if any of a host's addresses is one", async () => {
    const fetch = openPublicFetch({ resolve: async () => ["1.1.1.1", "10.0.0.1"] });
    expect(await reason(fetch("https://calendar.example"))).toBe("address_private");
  });
});

describe("a host's addresses", () => {
  /** Public for the first look-up, ours for every later one. */
  function rebinding() {
    const looked: string[] = [];
    return {
      looked,
      resolve: async (host: string) => [looked.push(host) === 1 ? "192.0.3.1" : "127.0.0.1"],
    };
  }

  it("are looked up once a request: the connection goes where was judged, though the name has changed", async () => {
    const { looked, resolve } = rebinding();
    const fetch = openPublicFetch({ resolve });
    // Nothing answers at the first address; the second would.
    const first = fetch(`https://calendar.example:${port}/5`, bounds);
    expect(["too_slow", "unreachable"]).toContain(await reason(first));
    expect(looked).toEqual(["calendar.example"]);
    expect(await reason(fetch(`https://calendar.example:${port}/5`, bounds))).toBe("address_private");
    expect(asked).toEqual([]);
  });

  it("are those it connects to (twin: the name itself leads nowhere)", async () => {
    const host = `calendar.invalid:${port}`;
    const fetch = openPublicFetch({ privateHosts: [host], resolve: async () => ["127.0.0.1"] });
    expect(await fetch(`http://${host}/5`)).toMatchObject({ status: 200, text: "xxxxx" });
    expect(asked).toMatchObject([{ host }]);
    expect(await reason(openPublicFetch({ privateHosts: [host] })(`http://${host}/5`))).toBe("unreachable");
  });

  it("may take as long as the whole request", async () => {
    const fetch = openPublicFetch({ resolve: () => new Promise(() => {}) });
    expect(await reason(fetch("https://calendar.example", { timeoutMs: 50 }))).toBe("too_slow");
  });
});

describe("a redirect", () => {
  const to = (status: number, location: string) => `/redirect/${status}/${encodeURIComponent(location)}`;

  it.each(["https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data"])(
    "to %s is refused",
    async (location) => {
      expect(await reason(ask(to(302, location)))).toBe("address_private");
      expect(asked).toHaveLength(1);
    },
  );

  it("to plain http, or to something else, is refused", async () => {
    expect(await reason(ask(to(302, "http://calendar.example/")))).toBe("insecure");
    expect(await reason(ask(to(302, "file:///etc/passwd")))).toBe("insecure");
  });

  it.each([301, 302, 307, 308])("%i repeats the request as it was", async (status) => {
    const answer = await ask(to(status, "/3"), { method: "PROPFIND", body: "<propfind/>" });
    expect(answer).toMatchObject({ status: 200, text: "xxx", url: `${own}/3` });
    expect(asked.map(({ method }) => method)).toEqual(["PROPFIND", "PROPFIND"]);
  });

  it("303 becomes a GET", async () => {
    await ask(to(303, "/3"), { method: "REPORT", body: "<report/>" });
    expect(asked.map(({ method }) => method)).toEqual(["REPORT", "GET"]);
  });

  it("takes the credentials along to the same origin only", async () => {
    const other = `http://localhost:${port}/3`;
    const fetch = openPublicFetch({
      privateHosts: ["127.0.0.1", "localhost"],
      resolve: async () => ["127.0.0.1"],
    });
    const headers = { Authorization: "Basic c2VjcmV0" };
    await fetch(own + to(302, "/3"), { headers });
    await fetch(own + to(302, other), { headers });
    expect(asked.map(({ authorization }) => authorization !== undefined)).toEqual([true, true, true, false]);
  });

  it("is an answer where none is followed; too many are an error", async () => {
    expect(await ask("/again", { maxRedirects: 0 })).toMatchObject({ status: 302 });
    expect(await reason(ask("/again"))).toBe("unreachable");
    expect(asked).toHaveLength(4);
  });
});

describe("an answer", () => {
  it("is read to the last byte that is allowed, and no further", async () => {
    expect(await ask("/1000")).toMatchObject({ status: 200, text: "x".repeat(1000) });
    expect(await reason(ask("/1001"))).toBe("too_large");
  });

  it("is unpacked, and counted as it is then", async () => {
    expect(await ask("/packed")).toMatchObject({ text: "unpacked" });
    expect(await reason(ask("/bomb"))).toBe("too_large");
  });

  it.each(["/never", "/drip"])("ends in time (%s)", async (path) => {
    const started = performance.now();
    expect(await reason(ask(path))).toBe("too_slow");
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("that breaks off is none", async () => expect(await reason(ask("/cut"))).toBe("unreachable"));

  it("is not waited for when the caller gives up", async () => {
    const giveUp = new AbortController();
    const answer = ask("/never", { signal: giveUp.signal });
    giveUp.abort();
    await expect(answer).rejects.toThrow("aborted");
  });
});

it("asks nothing without TLS, except of the hosts that are named", async () => {
  expect(await reason(openPublicFetch()(`http://calendar.example/`))).toBe("insecure");
  expect(await reason(openPublicFetch({ privateHosts: ["127.0.0.1:1"] })(`${own}/5`))).toBe("insecure");
  expect(await reason(ask("/5"))).toBe("answered");
});
