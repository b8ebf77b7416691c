// The thread that reads answers of CalDAV servers: one that is made for it keeps a processor busy for ten seconds.
import { parentPort } from "node:worker_threads";
import { type DavAnswer, readDavAnswer } from "./davReading.ts";

parentPort?.on("message", async (answer: DavAnswer) => {
  parentPort?.postMessage(await readDavAnswer(answer));
});
