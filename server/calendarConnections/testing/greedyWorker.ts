// Takes memory until there is none.
import { parentPort } from "node:worker_threads";

parentPort?.on("message", () => {
  const kept: number[][] = [];
  for (;;) kept.push(Array.from({ length: 1_000 }, Math.random));
});
