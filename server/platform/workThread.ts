import { performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";

/** A thread for work that would hold up requests: one piece at a time, each within its time. */
export interface WorkThread<Question, Reply> {
  /** @throws ThreadTooSlow; ThreadBusy; what the thread threw, also that it had no memory left */
  ask(question: Question, timeoutMs?: number): Promise<{ reply: Reply; ms: number }>;
  /** @throws ThreadBusy for what waits */
  close(): Promise<void>;
}

export interface WorkThreadOptions {
  /** Posts one reply for each message that it gets. */
  file: URL;
  /** ms, for one piece of work from when it is begun. */
  timeout: number;
  /** ms without work, after which the thread and its memory are given back. */
  idle?: number;
  /** How many may wait while one is done. */
  mostWaiting?: number;
  heapMb: number;
  /** What a new thread gets; asked for whenever one starts. */
  startWith?: () => unknown;
}

export class ThreadTooSlow extends Error {}
/** Too many wait, or it is being closed. */
export class ThreadBusy extends Error {}

interface Job<Question, Reply> {
  question: Question;
  timeoutMs: number;
  resolve(answer: { reply: Reply; ms: number }): void;
  reject(error: unknown): void;
}

/** The thread starts with the first question. */
export function openWorkThread<Question, Reply>({
  file,
  timeout,
  idle = 60_000,
  mostWaiting = Number.POSITIVE_INFINITY,
  heapMb,
  startWith,
}: WorkThreadOptions): WorkThread<Question, Reply> {
  const waiting: Job<Question, Reply>[] = [];
  let current: Job<Question, Reply> | undefined;
  let begunAt = 0;
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;

  function start(): Worker {
    const started = new Worker(file, {
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
      workerData: startWith?.(),
    });
    started.unref();
    // One that was ended has nothing more to say.
    started.on("message", (reply: Reply) => {
      if (worker === started) finish((job) => job.resolve({ reply, ms: performance.now() - begunAt }));
    });
    started.on("error", (error: unknown) => {
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

  function finish(how: (job: Job<Question, Reply>) => void): void {
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
      finish((job) => job.reject(new ThreadTooSlow()));
      await ended;
    }, current.timeoutMs).unref();
    begunAt = performance.now();
    worker ??= start();
    worker.postMessage(current.question);
  }

  return {
    ask: (question, timeoutMs = timeout) =>
      new Promise((resolve, reject) => {
        if (waiting.length >= mostWaiting) return reject(new ThreadBusy());
        waiting.push({ question, timeoutMs, resolve, reject });
        next();
      }),
    close: async () => {
      clearTimeout(timer);
      for (const job of [current, ...waiting.splice(0)]) job?.reject(new ThreadBusy());
      current = undefined;
      await stop();
    },
  };
}
