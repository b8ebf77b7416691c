// The server as a separate process, so that a first call meets cold code, cold caches and no connection.

import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { buildApp } from "../../server/app.ts";
import { openDatabase } from "../../server/platform/database/database.ts";
import { benchPublicUrl } from "../load/startGenerator.ts";

const isServer = process.argv[2] === "serve";

/** ms of the first, the second and the hundredth call of a path, each on a new connection. */
export async function measureFirstCalls(appUrl: string, path: string): Promise<number[]> {
  const child = fork(new URL(import.meta.url), ["serve"], { env: { ...process.env, BENCH_APP_URL: appUrl } });
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.once("message", (message) => resolve(Number(message)));
      child.once("exit", (code) => reject(new Error(`The server ended with ${code}.`)));
    });
    // Our own side of the call shall be warm.
    for (let i = 0; i < 20; i++) await timeOf(`http://127.0.0.1:${port}/healthz`);
    const times: number[] = [];
    for (let i = 0; i < 120; i++) times.push(await timeOf(`http://127.0.0.1:${port}${path}`));
    return [times[0]!, times[1]!, Math.min(...times.slice(100))];
  } finally {
    child.kill();
  }
}

async function timeOf(url: string): Promise<number> {
  const startedAt = performance.now();
  const answer = await fetch(url, { headers: { connection: "close", "accept-encoding": "identity" } });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}.`);
  return performance.now() - startedAt;
}

if (isServer) {
  const app = await buildApp({
    config: {
      publicUrl: benchPublicUrl,
      rateLimit: false,
      trustProxy: false,
      authSecret: randomBytes(32).toString("hex"),
    },
    database: openDatabase({ url: process.env.BENCH_APP_URL! }),
  });
  process.send?.(Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port));
}
