// `npm run dev`: the server restarted on every change, and Vite's development server beside it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { modules, pinnedNode, root, toolEnvironment } from "./project.mjs";

const programs = [["--watch", "server/main.ts"]];
if (existsSync(join(root, "vite.config.ts"))) programs.push([join(modules, "vite", "bin", "vite.js")]);

// Browsers use Vite's server, which forwards their requests under its own name.
const env = { PUBLIC_URL: "http://localhost:5173", ...toolEnvironment() };
const children = programs.map((args) => spawn(pinnedNode, args, { cwd: root, stdio: "inherit", env }));

function stopAll(signal) {
  for (const child of children) child.kill(signal);
}

for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stopAll(signal));
for (const child of children) {
  // One without the other is of no use, so the first to end takes the other along.
  child.on("exit", (code) => {
    process.exitCode ||= code ?? 0;
    stopAll("SIGTERM");
  });
}
