import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findNginx } from "../../scripts/findNginx.mjs";

const given = new URL("../../deploy/nginx.conf", import.meta.url);

export interface Nginx {
  /** Sends nothing to one of the apps from now on; to all of them again without a port. */
  takeOut(port?: number): Promise<void>;
  /** What it says of requests that an app has not answered. */
  complaints(): string[];
  stop(): Promise<void>;
}

/** Runs nginx with deploy/nginx.conf in front of two ports of this machine, as a process of this one, in a folder of its own. */
export async function startNginx(port: number, apps: readonly [number, number]): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), "matepeak-nginx-"));
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const file = join(folder, "nginx.conf");
  const errors = join(folder, "error.log");
  const write = (down?: number) => {
    let served = readFileSync(given, "utf8").replace("listen 80;", `listen 127.0.0.1:${port};`);
    for (const [index, app] of apps.entries())
      served = served.replace(
        new RegExp(`app-${index + 1}:3000[^;]*`),
        (line) => `127.0.0.1:${app} ${line.split(" ").slice(1).join(" ")}${app === down ? " down" : ""}`,
      );
    writeFileSync(
      file,
      `daemon off;
worker_processes 1;
pid ${join(folder, "pid")};
error_log ${errors} warn;
events { worker_connections 1024; }
http {
  access_log off;
  ${places.map((place) => `${place}_temp_path ${join(folder, place)};`).join("\n  ")}
${served}
}
`,
    );
  };
  write();
  const child = spawn(findNginx(), ["-p", folder, "-e", errors, "-c", file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => (said += chunk));
  const deadline = performance.now() + 20_000;
  while (!(await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined))) {
    if (child.exitCode !== null || performance.now() > deadline) throw new Error(`nginx: ${said}`);
    await sleep(50);
  }
  return {
    takeOut: async (down) => {
      write(down);
      child.kill("SIGHUP");
      // The workers of the old configuration finish what they have.
      await sleep(1_000);
    },
    complaints: () => readFileSync(errors, "utf8").split("\n").filter(Boolean),
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
