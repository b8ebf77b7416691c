// `npm run prove`: runs the proofs named on the command line, or all of them, in their long form; prints what each found
// and keeps it in README.md beside this file. Ends with 1 when a promise does not hold.
import { describeMachine, type Report, writeSection } from "../bench/report.ts";
import { table } from "../bench/table.ts";
import { givePostgres } from "../server/testing/postgres.ts";
import { startPostgres } from "../server/testing/startPostgres.ts";
import { broken, type Proof, type Prove } from "./proof.ts";

const parts: Record<string, () => Promise<Prove>> = {
  race: async () => (await import("./race/part.ts")).race,
  idempotency: async () => (await import("./idempotency/part.ts")).idempotency,
  authority: async () => (await import("./authority/part.ts")).authority,
  requests: async () => (await import("./requests/part.ts")).requests,
  crashes: async () => (await import("./crashes/part.ts")).crashes,
  zones: async () => (await import("./zones/part.ts")).zones,
  calendars: async () => (await import("./calendars/part.ts")).calendars,
  outage: async () => (await import("./outage/part.ts")).outage,
  clock: async () => (await import("./clock/part.ts")).clock,
  offers: async () => (await import("./offers/part.ts")).offers,
  clients: async () => (await import("./clients/part.ts")).clients,
  mail: async () => (await import("./mail/part.ts")).mail,
  tests: async () => (await import("./longTests/part.ts")).tests,
  journeys: async () => (await import("./longTests/part.ts")).journeys,
  series: async () => (await import("./series/part.ts")).seriesProof,
  money: async () => (await import("./money/part.ts")).money,
  dates: async () => (await import("./dates/part.ts")).dates,
  scale: async () => (await import("./scale/part.ts")).beyondOneMachine,
  citus: async () => (await import("./citus/part.ts")).citus,
  waitlist: async () => (await import("./waitlist/part.ts")).waiting,
};

const order = Object.keys(parts);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !order.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no proof ${unknown.join(", ")}; there are ${order.join(", ")}.\n`);
  process.exit(1);
}

const report: Report = {
  file: new URL("./README.md", import.meta.url),
  order,
  intro: `# What has been proved

Written by \`npm run prove\` (\`npm run prove -- ${order.slice(0, 2).join(" ")}\` for some of the proofs). Each line is a promise and
what the run found. A twin deliberately removes a guard, in a throw-away database or process: it holds if the same proof
fails without the guard. A short form of most proofs runs in \`npm test\`.
`,
};

function describe({ findings, notes = "" }: Proof): string {
  const rows = findings.map(({ promise, figure, holds, twin = false }) => [
    twin ? `twin: ${promise}` : promise,
    figure,
    holds ? "holds" : "BROKEN",
  ]);
  return [describeMachine(), table(["promise", "result", ""], rows), notes.trim()]
    .filter(Boolean)
    .join("\n\n");
}

const postgres = await startPostgres();
givePostgres(postgres.urls);
const failures: string[] = [];
for (const name of asked.length > 0 ? asked : order) {
  const startedAt = performance.now();
  process.stdout.write(`\n=== ${name}\n`);
  const prove = await parts[name]!();
  const proof = await prove("long");
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const text = `${describe(proof)}\n\nTook ${seconds} s.`;
  writeSection(report, name, { title: proof.title, text });
  process.stdout.write(`\n${proof.title}\n\n${text}\n`);
  failures.push(...broken(proof));
}

await postgres.stop();
for (const failure of failures) process.stderr.write(`BROKEN: ${failure}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
