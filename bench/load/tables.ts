import { table } from "../table.ts";
import type { Sample } from "./appProcess.ts";
import { percentile, secondsToRecover, share } from "./promises.ts";
import type { ArrivalResult, Phase, StreamResult } from "./protocol.ts";

export interface PhaseSeen {
  /** ms on the clock of performance.now(). */
  beginsAt: number;
  samples: Sample[];
}

/** The figures of a run as Markdown. */
export function describeLoad(
  phases: readonly Phase[],
  result: ArrivalResult,
  seen: readonly PhaseSeen[],
): string {
  const rows = phases.flatMap((phase, index) =>
    phase.streams.map(({ name }) => latencyRow(phase, name, result.phases[index]![name]!)),
  );
  const [steady, overload, recovery] = result.phases.slice(-3);
  const recovered = secondsToRecover(steady!, recovery!);
  return [
    table(["phase", "requests per s", "sent", "p50", "p95", "p99", "longest", "outcomes"], rows),
    "Latencies are those of successful answers, from the instant at which the request was due.",
    table(
      [
        "phase",
        "CPU: app",
        "worker",
        "PostgreSQL",
        "generator",
        "machine",
        "memory first",
        "last",
        "most",
        "slope per min",
        "heap last",
        "slowest probe",
      ],
      phases.map((phase, index) => processRow(phase, seen[index]!, result.cpuSeconds[index]!)),
    ),
    "CPU in cores, by process; memory is the resident set of the app's process, in MiB.",
    ...phases.flatMap(({ name }, index) => sayIfLate(name, result.lateness[index]!)),
    `Overload: ${share(overload!, "200", "201")} of the requests succeeded, ${share(overload!, "503 overloaded")} were refused with 503, half of these within ${milliseconds(medianRefusal(overload!))}. Back to normal after ${recovered === undefined ? "more time than measured" : `${recovered} s`}.`,
  ].join("\n\n");
}

/** Figures of a generator that gets no processor are its own, and not the app's. */
const tooLate = 100;

function sayIfLate(phase: string, lateness: number): string[] {
  if (lateness <= tooLate) return [];
  return [
    `**The machine is too busy for this**: in the phase "${phase}" the generator itself came late, by ${milliseconds(lateness)} (99 %), and its figures are not the app's.`,
  ];
}

function latencyRow(phase: Phase, name: string, { sent, latencies, outcomes }: StreamResult): string[] {
  const { perSecond } = phase.streams.find((stream) => stream.name === name)!;
  const told = Object.entries(outcomes).sort(([a], [b]) => a.localeCompare(b));
  return [
    `${phase.name}, ${name}`,
    String(perSecond),
    String(sent),
    ...[0.5, 0.95, 0.99, 1].map((part) => milliseconds(percentile(latencies, part))),
    told.map(([outcome, count]) => `${outcome}: ${count}`).join(", "),
  ];
}

function processRow(phase: Phase, { samples }: PhaseSeen, generatorSeconds: number): string[] {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || first === last) return [phase.name, ...Array.from({ length: 11 }, () => "-")];
  const seconds = (last.at - first.at) / 1000;
  const mebibytes = (value: number) => value.toFixed(0);
  const cores = (value: number) => value.toFixed(2);
  const machineCores =
    ((last.machineBusy - first.machineBusy) / (last.machineTotal - first.machineTotal)) *
    coresOf(first, last);
  return [
    phase.name,
    ...(["app", "worker", "postgres"] as const).map((each) =>
      cores((last.cpu[each] - first.cpu[each]) / seconds),
    ),
    cores(generatorSeconds / phase.seconds),
    cores(machineCores),
    mebibytes(first.resident),
    mebibytes(last.resident),
    mebibytes(Math.max(...samples.map(({ resident }) => resident))),
    slopePerMinute(samples).toFixed(1),
    mebibytes(last.heap),
    milliseconds(Math.max(...samples.map(({ probe }) => probe ?? Number.POSITIVE_INFINITY))),
  ];
}

/** How many processors the machine has, by its own counters. */
function coresOf(first: Sample, last: Sample): number {
  return (last.machineTotal - first.machineTotal) / ((last.at - first.at) / 1000);
}

/** Least squares, MiB per minute. */
function slopePerMinute(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, one) => sum + of(one), 0) / samples.length;
  const [at, resident] = [mean((one) => one.at), mean((one) => one.resident)];
  const covariance = mean((one) => (one.at - at) * (one.resident - resident));
  return (covariance / mean((one) => (one.at - at) ** 2)) * 60_000;
}

function medianRefusal(streams: Record<string, StreamResult>): number {
  const all = Object.values(streams)
    .flatMap(({ refusals }) => refusals)
    .sort((a, b) => a - b);
  return percentile(all, 0.5);
}

function milliseconds(value: number): string {
  if (!Number.isFinite(value)) return "none";
  return value < 10 ? `${value.toFixed(1)} ms` : `${value.toFixed(0)} ms`;
}
