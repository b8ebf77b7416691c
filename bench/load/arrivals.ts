// The process of arrivals: requests come when they are due, however long earlier ones take, and each is timed from the
// instant at which it was due. So a server that stalls is seen by all who came meanwhile, and not by one of them only
// ("coordinated omission").
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { ArrivalOrder, ArrivalResult, Phase, StreamResult } from "./protocol.ts";
import { openSocket, type RawAnswer, readAnswers } from "./rawConnection.ts";

process.once("message", (order: ArrivalOrder) => {
  run(order).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});

interface Arrival {
  text: string;
  dueAt: number;
  /** @param answer null: none came */
  done(outcome: string, answer: RawAnswer | null, ms: number): void;
}

async function run(order: ArrivalOrder): Promise<ArrivalResult> {
  const line = new Line(order);
  const position: Record<string, number> = {};
  const results: ArrivalResult = { phases: [], cpuSeconds: [], lateness: [] };
  const unfinished: PhaseRecord[] = [];
  let beginsAt = performance.now();
  for (const [index, phase] of order.phases.entries()) {
    process.send?.({ begins: index });
    const before = process.cpuUsage();
    const record = new PhaseRecord(phase);
    unfinished.push(record);
    const lateness = await comeWhenDue(phase, beginsAt, (stream, dueAt, second) => {
      const { texts, mayRepeat } = order.requests[stream]!;
      const turn = position[stream] ?? 0;
      position[stream] = turn + 1;
      if (!mayRepeat && turn >= texts.length) throw new Error(`There are only ${texts.length} of ${stream}.`);
      record.sent(stream);
      line.join({
        text: texts[turn % texts.length]!,
        dueAt,
        done: (outcome, answer, ms) => record.answered(stream, second, outcome, answer, ms),
      });
      line.giveUp();
    });
    beginsAt += phase.seconds * 1000;
    const { user, system } = process.cpuUsage(before);
    results.lateness.push(lateness);
    results.cpuSeconds.push((user + system) / 1e6);
  }
  await line.finish();
  results.phases = unfinished.map((record) => record.result());
  return results;
}

/**
 * Calls `arrive` for each request of the phase when it is due, or as soon as possible after. Returns how late it was, ms:
 * the 99th percentile over all looks at the clock.
 */
async function comeWhenDue(
  { seconds, streams }: Phase,
  beginsAt: number,
  arrive: (stream: string, dueAt: number, second: number) => void,
): Promise<number> {
  const counts = streams.map(() => 0);
  const gaps: number[] = [];
  let before = performance.now() - beginsAt;
  for (;;) {
    const now = performance.now() - beginsAt;
    gaps.push(now - before);
    before = now;
    const until = Math.min(now, seconds * 1000);
    for (const [index, { name, perSecond }] of streams.entries()) {
      for (
        let due = (counts[index]! * 1000) / perSecond;
        due < until;
        due = (counts[index]! * 1000) / perSecond
      ) {
        arrive(name, beginsAt + due, Math.floor(due / 1000));
        counts[index]! += 1;
      }
    }
    if (now >= seconds * 1000) return gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.99)] ?? 0;
    await sleep(1);
  }
}

/** Connections, and those who wait for one. */
class Line {
  private readonly order: ArrivalOrder;
  private readonly idle: Connection[] = [];
  private readonly waiting = new Queue<Arrival>();
  private open = 0;
  private inProgress = 0;

  constructor(order: ArrivalOrder) {
    this.order = order;
  }

  join(arrival: Arrival): void {
    this.inProgress += 1;
    const connection = this.idle.pop();
    if (connection) connection.ask(arrival);
    else {
      this.waiting.push(arrival);
      if (this.open < this.order.mostConnections) this.openOne();
    }
  }

  private openOne(): void {
    this.open += 1;
    openSocket(this.order.port).then(
      (socket) =>
        this.next(
          new Connection(socket, this.order.timeout, {
            free: (connection) => {
              this.inProgress -= 1;
              this.next(connection);
            },
            broken: (connection, wasBusy) => {
              this.open -= 1;
              if (wasBusy) this.inProgress -= 1;
              const place = this.idle.indexOf(connection);
              if (place >= 0) this.idle.splice(place, 1);
            },
          }),
        ),
      () => {
        this.open -= 1;
        const arrival = this.waiting.shift();
        if (!arrival) return;
        this.inProgress -= 1;
        arrival.done("not let in", null, performance.now() - arrival.dueAt);
      },
    );
  }

  private next(connection: Connection): void {
    this.giveUp();
    const arrival = this.waiting.shift();
    if (arrival) connection.ask(arrival);
    else this.idle.push(connection);
  }

  /** No request waits for ever, not even for a connection. */
  giveUp(): void {
    const since = performance.now() - this.order.timeout;
    for (let first = this.waiting.first; first && first.dueAt < since; first = this.waiting.first) {
      this.inProgress -= 1;
      this.waiting.shift();
      first.done("not let in", null, this.order.timeout);
    }
  }

  /** Waits for the last answers. */
  async finish(): Promise<void> {
    const until = performance.now() + this.order.timeout;
    while (this.inProgress > 0 && performance.now() < until) await sleep(20);
    for (let left = this.waiting.shift(); left; left = this.waiting.shift()) {
      left.done("not let in", null, this.order.timeout);
    }
  }
}

/** First in, first out; an array's own `shift` moves all the others, and there may be thousands. */
class Queue<T> {
  private entries: T[] = [];
  private gone = 0;

  get first(): T | undefined {
    return this.entries[this.gone];
  }

  push(entry: T): void {
    this.entries.push(entry);
  }

  shift(): T | undefined {
    const { first } = this;
    if (first !== undefined) this.gone += 1;
    if (this.gone > 1000 && this.gone * 2 > this.entries.length) {
      this.entries = this.entries.slice(this.gone);
      this.gone = 0;
    }
    return first;
  }
}

class Connection {
  private readonly socket: Socket;
  private readonly timeout: number;
  private readonly tell: { free(it: Connection): void; broken(it: Connection, wasBusy: boolean): void };
  private current: Arrival | undefined;
  private isEnded = false;

  constructor(socket: Socket, timeout: number, tell: Connection["tell"]) {
    this.socket = socket;
    this.timeout = timeout;
    this.tell = tell;
    readAnswers(socket, (answer) => {
      const arrival = this.take();
      arrival?.done(outcomeOf(answer), answer, performance.now() - arrival.dueAt);
      if (arrival) tell.free(this);
    });
    socket.on("error", () => undefined);
    socket.on("timeout", () => this.end("lost"));
    socket.on("close", () => this.end("cut"));
  }

  ask(arrival: Arrival): void {
    this.current = arrival;
    this.socket.setTimeout(Math.max(1, this.timeout - (performance.now() - arrival.dueAt)));
    this.socket.write(arrival.text);
  }

  private take(): Arrival | undefined {
    const arrival = this.current;
    this.current = undefined;
    this.socket.setTimeout(0);
    return arrival;
  }

  private end(outcome: string): void {
    if (this.isEnded) return;
    this.isEnded = true;
    const arrival = this.take();
    arrival?.done(outcome, null, performance.now() - arrival.dueAt);
    this.tell.broken(this, arrival !== undefined);
    this.socket.destroy();
  }
}

function outcomeOf({ status, body }: RawAnswer): string {
  const code = status >= 400 ? /"code":"(\w+)"/.exec(body)?.[1] : undefined;
  return code ? `${status} ${code}` : String(status);
}

/** What became of the requests of one phase. */
class PhaseRecord {
  private readonly streams: Record<string, StreamResult> = {};
  private readonly perSecond: Record<string, { latencies: number[]; sent: number }[]> = {};

  constructor({ streams, seconds }: Phase) {
    for (const { name } of streams) {
      this.streams[name] = {
        sent: 0,
        outcomes: {},
        latencies: [],
        refusals: [],
        refusalsWithoutRetryAfter: 0,
        seconds: [],
      };
      this.perSecond[name] = Array.from({ length: Math.ceil(seconds) }, () => ({ latencies: [], sent: 0 }));
    }
  }

  sent(stream: string): void {
    this.streams[stream]!.sent += 1;
  }

  answered(stream: string, second: number, outcome: string, answer: RawAnswer | null, ms: number): void {
    const result = this.streams[stream]!;
    const inSecond = this.perSecond[stream]![second]!;
    result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1;
    inSecond.sent += 1;
    if (answer && answer.status < 300) {
      result.latencies.push(ms);
      inSecond.latencies.push(ms);
    } else if (answer?.status === 503) {
      result.refusals.push(ms);
      if (!/\r\nretry-after: \d+/i.test(answer.head)) result.refusalsWithoutRetryAfter += 1;
    }
  }

  result(): Record<string, StreamResult> {
    for (const [name, result] of Object.entries(this.streams)) {
      result.latencies.sort((a, b) => a - b);
      result.refusals.sort((a, b) => a - b);
      result.seconds = this.perSecond[name]!.map(({ latencies, sent }) => {
        latencies.sort((a, b) => a - b);
        const p95 = latencies[Math.ceil(latencies.length * 0.95) - 1] ?? Number.MAX_VALUE;
        return { p95, success: sent === 0 ? 0 : latencies.length / sent };
      });
    }
    return this.streams;
  }
}
