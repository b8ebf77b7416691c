// `npm run bench`: measures the parts named on the command line, or all of them; prints their tables and keeps them in
// README.md beside this file.
import { type Report, type Section, writeSection } from "./report.ts";

const parts: Record<string, () => Promise<Section>> = {
  engine: async () => (await import("./engine/part.ts")).measureEngine(),
  http: async () => (await import("./http/part.ts")).measureHttp(),
  booking: async () => (await import("./booking/part.ts")).measureBooking(),
  groups: async () => (await import("./groups/part.ts")).measureGroups(),
  reads: async () => (await import("./reads/part.ts")).measureReads(),
  growth: async () => (await import("./growth/part.ts")).measureGrowth(),
  page: async () => (await import("./page/part.ts")).measurePage(),
  mail: async () => (await import("./mail/part.ts")).measureMail(),
  money: async () => (await import("./money/part.ts")).measureMoney(),
  calendars: async () => (await import("./calendars/part.ts")).measureCalendars(),
  disk: async () => (await import("./disk/part.ts")).measureDisk(),
  cleanups: async () => (await import("./cleanUps/part.ts")).measureCleanUps(),
};
/** Half an hour and 10 GB of disk: only when asked for. */
const rare = ["cleanups"];

const order = Object.keys(parts);
const report: Report = {
  file: new URL("./README.md", import.meta.url),
  order,
  intro: `# Benchmarks

Written by \`npm run bench\` (\`npm run bench -- engine http booking groups reads growth page mail money calendars disk\` for some of the parts; all of them take
about ten minutes; \`cleanups\` takes half an hour and 10 GB of disk and runs only when it is named). Machines differ and run other work, so every figure worth comparing is a ratio of two things measured
alternately in one run, each the best of many short samples. Budgets are the project's own targets.
`,
};
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !order.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(", ")}; there are ${order.join(", ")}.\n`);
  process.exit(1);
}

for (const name of asked.length > 0 ? asked : order.filter((part) => !rare.includes(part))) {
  const startedAt = performance.now();
  process.stdout.write(`\n=== ${name}\n`);
  const section = await parts[name]!();
  writeSection(report, name, section);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  process.stdout.write(`\n${section.title}\n\n${section.text.trim()}\n\n(${seconds} s)\n`);
}
