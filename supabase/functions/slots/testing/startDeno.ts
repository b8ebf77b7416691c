import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { findDeno } from "../../../../scripts/findDeno.mjs";
import { freePort } from "../../../../server/testing/freePort.ts";

export interface Deno {
  /** The function, with a query. */
  ask(query: string): Promise<Response>;
  stop(): Promise<void>;
}

const patience = 30_000;
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** Runs the function in deno, in the version of Supabase's own runtime, on a database. */
export async function startDeno(databaseUrl: string): Promise<Deno> {
  const program = findDeno();
  if (!program) throw new Error("npm run prove installs deno first.");
  const port = await freePort("127.0.0.1");
  // The packages come from node_modules, so that no network is needed.
  const flags = ["--no-check", "--no-lock", "--node-modules-dir=manual", "--cached-only"];
  const rights = ["--allow-env", "--allow-read", "--allow-net=127.0.0.1", "--allow-sys"];
  const child = spawn(
    program,
    ["run", ...flags, ...rights, "--config", here("../deno.json"), here("onPort.ts")],
    { env: { ...process.env, PORT: String(port), SUPABASE_DB_URL: databaseUrl, NO_COLOR: "1" } },
  );
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill();
    await ended;
  };
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const deadline = performance.now() + patience;
  while (!said.includes("Listening")) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await stop();
      throw new Error(`deno does not listen: ${said}`);
    }
    await sleep(50);
  }
  return { ask: (query) => fetch(`http://127.0.0.1:${port}/?${query}`), stop };
}
