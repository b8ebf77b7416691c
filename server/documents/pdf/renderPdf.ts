import { Worker } from "node:worker_threads";
import { Refusal } from "../../platform/errors.ts";
import type { Paper } from "../paper.ts";

/** Makes PDFs in a thread of its own, one at a time. */
export interface PdfRenderer {
  /** @throws Refusal `overloaded` if too many wait, or one takes too long */
  render(paper: Paper): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface PdfRendererOptions {
  /** How many may wait while one is made. */
  mostWaiting?: number;
  /** ms, for one. */
  timeout?: number;
  /** ms without work, after which the thread and its 150 MB are given back. */
  idle?: number;
  worker?: URL;
}

interface Job {
  paper: Paper;
  resolve(bytes: Uint8Array): void;
  reject(error: Error): void;
}

/** The thread starts with the first document. */
export function openPdfRenderer({
  mostWaiting = 20,
  timeout = 20_000,
  idle = 60_000,
  worker: file = new URL("./pdfWorker.ts", import.meta.url),
}: PdfRendererOptions = {}): PdfRenderer {
  const waiting: Job[] = [];
  let current: Job | undefined;
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;

  function start(): Worker {
    const started = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: 256 } });
    started.unref();
    // One that was ended has nothing more to say.
    started.on("message", (bytes: Uint8Array) => {
      if (worker === started) finish((job) => job.resolve(bytes));
    });
    started.on("error", (error: Error) => {
      if (worker !== started) return;
      worker = undefined;
      finish((job) => job.reject(error));
    });
    return started;
  }

  function stop(): Promise<number> | undefined {
    const ended = worker?.terminate();
    worker = undefined;
    return ended;
  }

  function finish(how: (job: Job) => void): void {
    clearTimeout(timer);
    const job = current;
    current = undefined;
    if (job) how(job);
    next();
  }

  function next(): void {
    if (current) return;
    current = waiting.shift();
    if (!current) {
      timer = setTimeout(stop, idle).unref();
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const ended = stop();
      finish((job) => job.reject(new Refusal("overloaded")));
      await ended;
    }, timeout).unref();
    worker ??= start();
    worker.postMessage(current.paper);
  }

  return {
    render: (paper) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= mostWaiting) return reject(new Refusal("overloaded"));
        waiting.push({ paper, resolve, reject });
        next();
      }),
    close: async () => {
      clearTimeout(timer);
      for (const job of [current, ...waiting.splice(0)]) job?.reject(new Refusal("overloaded"));
      current = undefined;
      await stop();
    },
  };
}
