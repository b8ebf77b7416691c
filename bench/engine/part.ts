import { findSlots, judgedStarts } from "#scheduling/slots.ts";
import { describeMachine, type Section } from "../report.ts";
import { type Cell, microseconds, ratio, table } from "../table.ts";
import { type Contender, fastestRuns } from "../timing.ts";
import { bareLoop } from "./bareLoop.ts";
import { guideSlots } from "./guideSlots.ts";
import { readyIntervals, walkReady } from "./readyWalk.ts";
import { type NamedWork, tableOf, workloads } from "./workloads.ts";

const perWorkloadMs = 6000;
/** The guide's way takes minutes for a thousand mentors, so a sample is measured. */
const mostGuideParts = 10;

const head = [
  "work",
  "slots",
  "budget",
  "engine",
  "bound 1",
  "engine / bound 1",
  "judge / bound 1",
  "bound 2",
  "engine / bound 2",
  "guide's way / engine",
  "same answer",
];

const legend = `
*Engine*: \`findSlots\`, from rows in memory to start instants; these schedules are plain (\`scheduling/plainWalk.ts\`).
*Judge*: the same for a schedule that is not, with every rule. *Bound 1*: a bare loop of integers from the same rows with a
warm table of the zone's offsets, without anything that the four workloads do not need (\`bareLoop.ts\`); the target is 1.1
times that. *Bound 2*: the walk alone, over open and taken time already given as instants. *Guide's way*: its
\`getAvailableTimeSlots\` for each day, with Temporal for correct zones (for W4, ${mostGuideParts} mentors represent all).
W1 and W2: Asia/Kolkata, 60 min on a 30-min grid. W3: America/New_York, 15-min grid, three windows a day, 6 dates, 10 days
off. W4: ten zones, 40 busy each.`;

export async function measureEngine(): Promise<Section> {
  const rows = workloads().map(measureWork);
  return {
    title: "Slot engine",
    text: `${describeMachine()}\n\n${table(head, rows)}\n${legend}`,
  };
}

function measureWork({ name, budgetMicros, parts }: NamedWork): Cell[] {
  const tables = parts.map(tableOf);
  const ready = parts.map((part, index) => readyIntervals(part, tables[index]!));
  const countAll = (find: (index: number) => readonly number[]) => () => {
    let count = 0;
    for (let index = 0; index < parts.length; index++) count += find(index).length;
    return count;
  };
  const contenders = [
    {
      name: "engine",
      run: countAll((index) => {
        const { schedule, taken, query } = parts[index]!;
        return findSlots(schedule, taken, query);
      }),
    },
    {
      name: "judge",
      run: countAll((index) => {
        const { schedule, taken, query } = parts[index]!;
        return judgedStarts(schedule, taken, query, query.from);
      }),
    },
    { name: "bound 1", run: countAll((index) => bareLoop(parts[index]!, tables[index]!)) },
    { name: "bound 2", run: countAll((index) => walkReady(ready[index]!)) },
  ] satisfies Contender[];
  const counts = contenders.map(({ run }) => run());
  const best = fastestRuns(contenders, perWorkloadMs);
  const engine = best.get("engine")!;
  const bound1 = best.get("bound 1")!;
  const bound2 = best.get("bound 2")!;
  const guide = measureGuide({ name, budgetMicros, parts });
  const isSame = counts.every((count) => count === counts[0]) && guide.isSame;
  return [
    name,
    counts[0]!.toLocaleString("en"),
    microseconds(budgetMicros),
    microseconds(engine),
    microseconds(bound1),
    ratio(engine / bound1),
    ratio(best.get("judge")! / bound1),
    microseconds(bound2),
    ratio(engine / bound2),
    ratio(guide.micros / engine),
    isSame ? "yes" : "NO",
  ];
}

/** µs of the guide's way for all of the work, and whether it finds the same starts. */
function measureGuide({ parts }: NamedWork): { micros: number; isSame: boolean } {
  const some = parts.slice(0, mostGuideParts);
  const startedAt = performance.now();
  const found = some.map((part) => guideSlots(part));
  const once = performance.now() - startedAt;
  const isSame = some.every(
    ({ schedule, taken, query }, index) => findSlots(schedule, taken, query).join() === found[index]!.join(),
  );
  // Long enough to be measured by one run, once it has been run at all.
  const run = () => some.reduce((count, part) => count + guideSlots(part).length, 0);
  const micros = once > 500 ? fastestOf(2, run) : fastestRuns([{ name: "guide", run }], 500).get("guide")!;
  return { micros: (micros / some.length) * parts.length, isSame };
}

function fastestOf(times: number, run: () => number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now();
    run();
    best = Math.min(best, (performance.now() - startedAt) * 1000);
  }
  return best;
}
