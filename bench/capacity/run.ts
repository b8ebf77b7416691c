// `npm run capacity -- --bookings 50 --reads 500`: what such a load needs, by the costs that were measured.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Cost, planFor, readCosts } from "./plan.ts";

const usage = `npm run capacity -- --bookings <per second> --reads <per second> [--peak <times the average>]
the busiest time in bookings and in reads of free times and pages; --peak is 10 if left out
`;

function readWishes() {
  try {
    const { bookings, reads, peak } = parseArgs({
      options: {
        bookings: { type: "string" },
        reads: { type: "string" },
        peak: { type: "string", default: "10" },
      },
    }).values;
    const wishes = { bookings: Number(bookings), reads: Number(reads), peak: Number(peak) };
    return wishes.bookings >= 0 && wishes.reads >= 0 && wishes.peak >= 1 ? wishes : undefined;
  } catch {
    return undefined;
  }
}

const wishes = readWishes();
if (!wishes) {
  process.stderr.write(usage);
  process.exit(1);
}
const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const costs = readCosts({ load: read("../load/README.md"), bench: read("../README.md") });
const plan = planFor(wishes, costs);
const cores = (value: number) => value.toFixed(value < 10 ? 1 : 0);
const line = (what: string, { ms, source }: Cost) =>
  `  ${what.padEnd(34)}${ms.toFixed(2).padStart(6)} ms   ${source}`;
process.stdout.write(`For ${wishes.bookings} bookings and ${wishes.reads} reads a second at the busiest time:

  app processes        ${plan.appProcesses} (${cores(plan.appCores)} cores)
  worker               ${cores(plan.workerCores)} cores
  PostgreSQL           ${cores(plan.databaseCores)} cores
  connections          ${plan.connections} without a pooler${plan.connections > 400 ? "; use one (docs/operations.md#poolers)" : ""}
  disk                 ${plan.diskPerMonth.toFixed(1)} GB a month, if the busiest time is ${wishes.peak} times the average

Cores are used to 70 %. The costs, of one core of the machine that measured them:

${[
  line("a booking, app", costs.appBooking),
  line("a read, app", costs.appRead),
  line("a booking, worker", costs.worker),
  line(`a booking with ${costs.readsEach.toFixed(0)} reads, PostgreSQL`, costs.databaseBooking),
  line("a further read, PostgreSQL", costs.databaseRead),
].join("\n")}
  ${"a booking, disk".padEnd(34)}${String(costs.disk.bytes).padStart(6)} B    ${costs.disk.source}

One machine was measured, not several: see docs/scaling.md for what each step was tried with.
`);
