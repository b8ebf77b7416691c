// `npm run load`: the app as it runs for people, under the load of a busy afternoon for LOAD_SECONDS (300), then under
// several times as much as it can do, then as before. Prints what it saw, keeps it in README.md beside this file, and ends with 1 when a
// promise is broken.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { describeMachine, writeSection } from "../report.ts";
import { openServer } from "../world.ts";
import { type AppProcess, type Sample, startApp } from "./appProcess.ts";
import { judge } from "./promises.ts";
import type { ArrivalOrder, ArrivalResult, Phase, PhaseBegins } from "./protocol.ts";
import { describeLoad, type PhaseSeen } from "./tables.ts";
import { Town } from "./town.ts";

/** For machines that are too slow, or busy with other things. */
const part = readNumber("LOAD_PART", 1);
const usual = { bookings: 50 * part, "slot reads": 500 * part };
const overloadFactor = readNumber("LOAD_OVERLOAD", 5);
const steadySeconds = readNumber("LOAD_SECONDS", 300);

function readNumber(name: string, usually: number): number {
  const value = Number(process.env[name] || usually);
  if (value > 0) return value;
  process.stderr.write(`${name} must be a number above 0.\n`);
  process.exit(1);
}

function phase(name: string, seconds: number, factor: number): Phase {
  const streams = Object.entries(usual).map(([stream, perSecond]) => ({
    name: stream,
    perSecond: perSecond * factor,
  }));
  return { name, seconds, streams };
}

const phases = [
  // Code, plans and caches are cold in the first seconds of a process; that is another figure (bench/README.md). No afternoon
  // begins all at once.
  phase("first visitors", 10, 0.3),
  phase("more of them", 10, 0.7),
  phase("usual load", steadySeconds, 1),
  phase("overload", 20, overloadFactor),
  phase("afterwards", 20, 1),
];

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
    const town = await Town.build(owner);
    await owner.end();
    app = await startApp(ownerUrl, logFile);
    const { result, seen } = await load(app, town);
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
      describeLoad(phases, result, seen),
      ...verdicts.map(({ promise, kept, seen }) => `- ${kept ? "kept" : "**BROKEN**"}: ${promise} (${seen})`),
    ];
    const section = {
      title: "The load of a busy afternoon",
      text: `${text.slice(0, 2).join("\n\n")}\n\n${text.slice(2).join("\n")}`,
    };
    writeSection(report, "load", section);
    process.stdout.write(`\n${section.text}\n\nThe app's log: artefacts/load.log\n`);
    if (verdicts.some(({ kept }) => !kept)) process.exitCode = 1;
  } finally {
    await app?.stop();
    await server.stop();
  }
}

/** Lets the requests come, and looks at the app meanwhile. */
async function load(app: AppProcess, town: Town): Promise<{ result: ArrivalResult; seen: PhaseSeen[] }> {
  const count = phases.reduce(
    (sum, { seconds, streams }) => sum + Math.ceil(seconds * streams[0]!.perSecond) + 1,
    0,
  );
  const order: ArrivalOrder = {
    port: app.port,
    phases,
    requests: {
      bookings: { texts: town.bookings(count), mayRepeat: false },
      "slot reads": { texts: town.slotReads(), mayRepeat: true },
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
  share(watching.samples, seen);
  return { result: done, seen };
}

/** Gives each phase what was seen while it went on. */
function share(samples: readonly Sample[], seen: PhaseSeen[]): void {
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
mentors, 2,000 students and 24,000 past sessions. Requests come from another process on the same machine, at an even pace,
whether or not earlier ones have been answered; each is timed from the instant at which it was due, so a pause counts for every
request due during it, not for only one. Every booking takes another free hour; of three reads two are for a month and one for
a day, of mentors in random order. The load begins with a part of the visitors. \`LOAD_SECONDS\` (300) is the length of the usual
load, \`LOAD_OVERLOAD\` (5) the factor of the overload, and \`LOAD_PART\` (1) the fraction of 50 bookings and 500 slot reads a
second that makes the usual load, for machines that are too slow or busy. It exits with 1 if a promise is broken.
`,
};

await main();
