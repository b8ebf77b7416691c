import { fork } from "node:child_process";
import type { LoadOrder, LoadResult } from "./protocol.ts";

export interface Generator {
  generate(order: LoadOrder): Promise<LoadResult>;
  stop(): void;
}

/** Starts the load generator. Orders are carried out one after the other. */
export function startGenerator(): Generator {
  const child = fork(new URL("./generator.ts", import.meta.url));
  const carryOut = (order: LoadOrder) =>
    new Promise<LoadResult>((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`The load generator ended with ${code}.`));
      child.once("exit", onExit);
      child.once("message", (result: LoadResult) => {
        child.off("exit", onExit);
        resolve(result);
      });
      child.send(order);
    });
  let last: Promise<unknown> = Promise.resolve();
  return {
    generate: (order) => {
      const result = last.then(() => carryOut(order));
      last = result;
      return result;
    },
    stop: () => child.kill(),
  };
}

/** The PUBLIC_URL of every app that is measured, whichever port it listens on: each request names its host. */
export const benchPublicUrl = "http://localhost:3000";

/** A request as it goes over the wire. */
export function rawRequest(
  method: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
): string {
  const payload = body === undefined ? "" : JSON.stringify(body);
  const lines = [`${method} ${path} HTTP/1.1`, `Host: ${new URL(benchPublicUrl).host}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (payload) lines.push("Content-Type: application/json", `Content-Length: ${Buffer.byteLength(payload)}`);
  return `${lines.join("\r\n")}\r\n\r\n${payload}`;
}
