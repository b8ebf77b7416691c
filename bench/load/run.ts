// `npm run load`: the app as it runs for people. First the rate is raised step by step until a promise breaks; then comes the
// load of a busy afternoon for LOAD_SECONDS (300), several times as much as that, and the same again. Prints what it saw, keeps
// it in README.md beside this file, and ends with 1 when a promise is broken.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { describeMachine, writeSection } from "../report.ts";
import { figure } from "../table.ts";
import { openServer } from "../world.ts";
import { type AppProcess, type Sample, startApp } from "./appProcess.ts";
import { beyondLimit, stepFactors, stepPromise } from "./limit.ts";
import { judge } from "./promises.ts";
import type { ArrivalOrder, ArrivalResult, Phase, PhaseBegins } from "./protocol.ts";
import { describeLoad, type PhaseSeen } from "./tables.ts";
import { Town } from "./town.ts";

/** For machines that are too slow, or busy with other things. */
const part = readNumber("LOAD_PART", 1);
const goal = { bookings: 150 * part, reads: 1500 * part };
const overloadFactor = readNumber("LOAD_OVERLOAD", 3);
const steadySeconds = readNumber("LOAD_SECONDS", 300);
const stepSeconds = readNumber("LOAD_STEP_SECONDS", 15);

function readNumber(name: string, usually: number): number {
  const value = Number(process.env[name] || usually);
  if (value > 0) return value;
  process.stderr.write(`${name} must be a number above 0.\n`);
  process.exit(1);
}

function phase(name: string, seconds: number, factor: number): Phase {
  const streams = Object.entries(goal).map(([stream, perSecond]) => ({
    name: stream,
    perSecond: perSecond * factor,
  }));
  return { name, seconds, streams };
}

const warmUp = [
  // Code, plans and caches are cold in the first seconds of a process; that is another figure (bench/README.md). No afternoon
  // begins all at once.
  phase("first visitors", 10, 0.05),
  phase("more of them", 10, 0.2),
];
const steps = stepFactors.map((factor) => phase(`${factor} × the goal`, stepSeconds, factor));

/** @param factor the usual load, as a part of the goal */
function afternoon(factor: number): Phase[] {
  return [
    phase("usual load", steadySeconds, factor),
    phase("overload", 20, factor * overloadFactor),
    phase("afterwards", 20, factor),
  ];
}

async function main(): Promise<void> {
  const artefacts = fileURLToPath(new URL("../../artefacts/", import.meta.url));
  mkdirSync(artefacts, { recursive: true });
  const logFile = `${artefacts}load.log`;
  const server = await openServer();
  let app: AppProcess | undefined;
  try {
    const { ownerUrl } = server.urlsOf("matepeak");
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    process.stdout.write("Building the town …\n");
    const town = await Town.build(owner, bookingsIn([...warmUp, ...steps, ...afternoon(1)]));
    const { rows } = await owner.query<{ pid: number }>(
      "select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid",
    );
    await owner.end();
    app = await startApp({ ownerUrl, postgresPid: rows[0]!.pid }, logFile);
    const runs = [await load(app, town, warmUp)];
    const limit = await findLimit(app, town, runs);
    await sleep(restSeconds * 1000);
    runs.push(await load(app, town, afternoon(limit.factor)));
    const { phases, result, seen } = joined(runs);
    const [steady, overload, recovery] = result.phases.slice(-3);
    const [steadySeen, overloadSeen] = seen.slice(-3);
    const isAlive = app.isAlive();
    const verdicts = judge({
      steady: steady!,
      overload: overload!,
      recovery: recovery!,
      resident: steadySeen!.samples.map(({ resident }) => resident),
      steadySeconds,
      probes: overloadSeen!.samples.map(({ probe }) => probe),
      isAlive,
    });
    const text = [
      describeMachine(server.postgresVersion),
      `**${describeLimit(limit)}**`,
      describeLoad(phases, result, seen),
      ...verdicts.map(({ promise, kept, seen }) => `- ${kept ? "kept" : "**BROKEN**"}: ${promise} (${seen})`),
    ];
    const section = {
      title: "The load of a busy afternoon",
      text: `${text.slice(0, 3).join("\n\n")}\n\n${text.slice(3).join("\n")}`,
    };
    writeSection(report, "load", section);
    process.stdout.write(`\n${section.text}\n\nThe app's log: artefacts/load.log\n`);
    if (verdicts.some(({ kept }) => !kept)) process.exitCode = 1;
  } finally {
    await app?.stop();
    await server.stop();
  }
}

interface Limit {
  /** The highest step that kept the promises, at most the goal. */
  factor: number;
  /** The highest step that kept the promises, whatever the goal. */
  reached: number;
  /** What broke, and at which step. */
  broke: { factor: number; reason: string } | undefined;
}

/** Raises the rate until a promise breaks. */
async function findLimit(app: AppProcess, town: Town, runs: Run[]): Promise<Limit> {
  let reached = 0;
  let broke: Limit["broke"];
  for (const [index, step] of steps.entries()) {
    const run = await load(app, town, [step]);
    runs.push(run);
    const factor = stepFactors[index]!;
    const reason = beyondLimit(run.result.phases[0]!);
    if (reason !== undefined) {
      broke = { factor, reason };
      break;
    }
    reached = factor;
    await sleep(1000);
  }
  return { factor: Math.min(1, reached || stepFactors[0]!), reached, broke };
}

/** For what an overloaded step has left in queues. */
const restSeconds = 10;

function describeLimit({ factor, reached, broke }: Limit): string {
  const rates = (of: number) =>
    `${figure(goal.bookings * of)} bookings and ${figure(goal.reads * of)} reads a second`;
  const end = broke ? `at ${rates(broke.factor)}, ${broke.reason}` : "it is not reached by the last step";
  return `The limit is ${reached === 0 ? "below the first step" : `at least ${rates(reached)}`}: ${end}. The usual load is ${rates(factor)}; the goal is ${rates(1)}.`;
}

interface Run {
  phases: readonly Phase[];
  result: ArrivalResult;
  seen: PhaseSeen[];
}

function joined(runs: readonly Run[]): Run {
  return {
    phases: runs.flatMap(({ phases }) => phases),
    result: {
      phases: runs.flatMap(({ result }) => result.phases),
      cpuSeconds: runs.flatMap(({ result }) => result.cpuSeconds),
      lateness: runs.flatMap(({ result }) => result.lateness),
    },
    seen: runs.flatMap(({ seen }) => seen),
  };
}

/** How many bookings these phases request. */
function bookingsIn(phases: readonly Phase[]): number {
  return phases.reduce(
    (sum, { seconds, streams }) => sum + Math.ceil(seconds * streams[0]!.perSecond) + 1,
    0,
  );
}

/** Lets the requests come, and looks at the app meanwhile. */
async function load(app: AppProcess, town: Town, phases: Phase[]): Promise<Run> {
  const order: ArrivalOrder = {
    port: app.port,
    phases,
    requests: {
      bookings: { texts: town.bookings(bookingsIn(phases)), mayRepeat: false },
      reads: { texts: town.reads(), mayRepeat: true },
    },
    mostConnections: 1500,
    timeout: 10_000,
  };
  const watching = app.watch(1000);
  const child = fork(new URL("./arrivals.ts", import.meta.url));
  const seen: PhaseSeen[] = [];
  let done: ArrivalResult | undefined;
  child.on("message", (message: PhaseBegins | ArrivalResult) => {
    if (!("begins" in message)) {
      done = message;
      return;
    }
    const { name, seconds } = phases[message.begins]!;
    process.stdout.write(`${name}: ${seconds} s …\n`);
    const beginsAt = performance.now();
    seen.push({ beginsAt, samples: [] });
  });
  child.send(order);
  const [code] = await once(child, "exit");
  await watching.stop();
  if (!done) throw new Error(`The process of arrivals ended with ${code}.`);
  share(phases, watching.samples, seen);
  return { phases, result: done, seen };
}

/** Gives each phase what was seen while it went on. */
function share(phases: readonly Phase[], samples: readonly Sample[], seen: PhaseSeen[]): void {
  for (const [index, one] of seen.entries()) {
    const until = one.beginsAt + phases[index]!.seconds * 1000;
    one.samples = samples.filter(({ at }) => at >= one.beginsAt && at <= until);
  }
}

const report = {
  file: new URL("./README.md", import.meta.url),
  order: ["load"],
  intro: `# Load test

Written by \`npm run load\`: the app and a worker in separate processes (log on), with their own durable PostgreSQL, 400
mentors, as many students as bookings and 24,000 past sessions. Requests come from another process on the same machine, at an
even pace, whether or not earlier ones have been answered; each is timed from the instant at which it was due, so a pause
counts for every request due during it, not for only one. Every booking is another student's, takes another free hour and has
an Idempotency-Key. Reads are sent as a browser sends them, with \`Accept-Encoding\`: of ten six for a month of free times, three
for a day and one for a mentor's page, of mentors in random order. The load begins with a part of the visitors. Then the rate is
raised in steps of \`LOAD_STEP_SECONDS\` (15) until a request fails or 1 % of the bookings take over ${stepPromise.bookings} ms or of the reads over
${stepPromise.reads} ms: that is the limit. The usual load is the goal of 150 bookings and 1,500 reads a second, or the limit if it is lower.
\`LOAD_SECONDS\` (300) is its length, \`LOAD_OVERLOAD\` (3) the factor of the overload, and \`LOAD_PART\` (1) the fraction of the
goal for machines that are too slow or busy. It exits with 1 if a promise is broken.
`,
};

await main();
