// Fails on one title, and answers all others with three bytes.
import { parentPort } from "node:worker_threads";

parentPort?.on("message", ({ title }: { title: string }) => {
  if (title === "fail") throw new Error("This cannot be made.");
  parentPort?.postMessage(new Uint8Array(3));
});
