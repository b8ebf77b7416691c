import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, expect, it } from "vitest";
import { freePort } from "../../testing/freePort.ts";
import { fetchBounded, NoAnswer } from "./fetchBounded.ts";

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  if (request.url === "/away") response.writeHead(302, { location: "/elsewhere" }).end();
  else if (request.url === "/drip") {
    // A byte at a time keeps the connection busy.
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  } else response.end("x".repeat(Number(request.url?.slice(1))));
}).listen(0, "127.0.0.1");
await once(server, "listening");
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void asked.splice(0));

const bounds = { timeoutMs: 300, maxBytes: 1000 };
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const ask = (path: string) => fetchBounded(address + path, {}, bounds);

it("returns what is within the bounds, to the byte", async () => {
  expect(await ask("/1000")).toMatchObject({ status: 200, text: "x".repeat(1000) });
  await expect(ask("/1001")).rejects.toThrow(new NoAnswer("an answer of more than 1000 bytes"));
});

it("ends in time, though bytes keep coming", async () => {
  const started = performance.now();
  await expect(ask("/drip")).rejects.toThrow(new NoAnswer("no answer within 0.3 s"));
  expect(performance.now() - started).toBeLessThan(1_500);
});

it("follows no redirect", async () => {
  expect(await ask("/away")).toMatchObject({ status: 302 });
  expect(asked).toEqual(["/away"]);
});

it("says why there was no connection, and nothing of the request", async () => {
  const port = await freePort("127.0.0.1");
  const failed = fetchBounded(
    `http://127.0.0.1:${port}/?key=secret`,
    { headers: { authorization: "secret" } },
    bounds,
  );
  await expect(failed).rejects.toThrow(new NoAnswer("no answer (ECONNREFUSED)"));
});
