import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { entriesOf, sentencesIn, unusedEntries } from "./sentences.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const isTest = /\.test\.tsx?$|\/(testing|tests)\//;
const read = (path: string) => readFileSync(root + path, "utf8");

/** Paths of the source files under a folder, without tests. */
function filesUnder(folder: string): string[] {
  return readdirSync(root + folder, { recursive: true, encoding: "utf8" })
    .map((path) => `${folder}/${path}`)
    .filter((path) => /\.tsx?$/.test(path) && !isTest.test(path))
    .sort();
}

/** What no catalogue has to hold: people and mentors of the demo, start-up, stop, checks and backup, which talk to the operator. */
const exempt =
  /^server\/(demo|postgres|auth\/checkSupabase|platform\/(config|startupError|stopOnSignal))|^server\/(main|start|serve|worker)\.ts$/;

describe("every sentence that a person reads", () => {
  it("is in a catalogue", () => {
    const outside = ["src", "server", "mail", "contract", "rules"]
      .flatMap(filesUnder)
      .filter((path) => !exempt.test(path))
      .flatMap((path) => sentencesIn(path, read(path)).map(({ line, text }) => `${path}:${line} ${text}`));
    expect(outside).toEqual([]);
  });

  it("is used", () => {
    const catalogues = filesUnder("words/en").filter((path) => !path.endsWith("/index.ts"));
    const sources = ["src", "server", "contract", "rules", "words", "vite"].flatMap(filesUnder).map(read);
    const entries = catalogues.flatMap((path) => entriesOf(path, read(path)));
    expect(unusedEntries(entries, sources)).toEqual([]);
  });
});

describe("twin: a sentence outside the catalogues is found", () => {
  it.each([
    ["text of JSX", "export const Page = () => <p>Pick a time</p>;", "Pick a time"],
    ["one word of JSX", "export const Page = () => <p>Cancel</p>;", "Cancel"],
    ["an attribute that is read", 'export const Page = () => <Field label="Name" />;', "Name"],
    [
      "a literal",
      'throw new Refusal("slot_taken", { detail: "That time was just taken." });',
      "That time was just taken.",
    ],
    ["a template", `const title = \`You have \${count} requests\`;`, "You have {} requests"],
    [
      "a template that begins with a value",
      `const title = \`\${name} booked a session.\`;`,
      "{} booked a session.",
    ],
  ])("%s", (_, source, text) => {
    expect(sentencesIn("example.tsx", source)).toEqual([{ line: 1, text }]);
  });

  it.each([
    ["what the Enter key does", 'export const Search = () => <input enterKeyHint="search" />;'],
    ["classes", 'export const Page = () => <p className="Mt-4 text-sm" id="Some id" />;'],
    ["a defect's message", 'throw new Error("This cannot happen at all.");'],
    ["a log line", 'request.log.warn({ error }, "The job has failed for good.");'],
    ["an answer that is asked for again", 'return unknown("The bank gave no answer");'],
    ["credentials", `const authorization = \`Basic \${key}\`;`],
    ["SQL", 'sql("Select a from b where c");'],
    [
      "a property's name at Microsoft",
      `const uid = "String {5b0c1b5e-3f0e-4c52-9d3c-8f4a3d0f6a71} Name Session";`,
    ],
    ["fonts", 'const font = `"Segoe UI",Arial,sans-serif`;'],
    ["a name", 'const zone = "Asia/Kolkata";'],
  ])("%s is none", (_, source) => {
    expect(sentencesIn("example.tsx", source)).toEqual([]);
  });

  it.each([
    ["documentation of the API", 'const schema = { summary: "List the bookings of a mentor" };'],
    ["a tag of the API", 'const tags = ["Time requests"];'],
    ["what a metric measures", 'gauge("up", "Whether the database answered.");'],
    ["a route's key", `claim(\`POST /bookings/\${id}/reschedule\`);`],
    ["a log line at a chosen level", 'app.log[level](line, "Request answered in time");'],
  ])("%s is none in the server", (_, source) => {
    expect(sentencesIn("server/example.ts", source)).toEqual([]);
  });

  it("a description is one on a page, and a sentence beside documentation is one in the server", () => {
    const toast = 'toast(failed, { description: "Your hours have changed." });';
    expect(sentencesIn("src/example.ts", toast)).toEqual([{ line: 1, text: "Your hours have changed." }]);
    const entry = `calendar.createEvent({ summary: clean(\`Session with \${name}\`) });`;
    expect(sentencesIn("server/example.ts", entry)).toHaveLength(1);
    const refusal = 'throw new Refusal("forbidden", { detail: "Only the mentor can do this." });';
    expect(sentencesIn("server/example.ts", refusal)).toHaveLength(1);
  });

  it("a type parameter of a .ts file is none, a literal beside it is one", () => {
    const source = 'const api = { get: <T>(path: string) => send<T>("GET"), note: "Not found here." };';
    expect(sentencesIn("example.ts", source)).toEqual([{ line: 1, text: "Not found here." }]);
    expect(sentencesIn("example.tsx", source)).not.toEqual([{ line: 1, text: "Not found here." }]);
  });
});

describe("twin: an entry that nothing uses is found", () => {
  const source = `export const steps = { time: "Pick a time", pay: (n: string) => \`Pay \${n}\` };\nexport const note = "Note";`;
  const entries = ["steps.time", "steps.pay", "note"];

  it("names the entries", () => expect(entriesOf("example.ts", source)).toEqual(entries));

  it.each([
    ["none used", 'import { steps, note } from "#words/x.ts";', entries],
    ["one used by name", "steps.time + note", ["steps.pay"]],
    ["all used by index", "steps[step] + note", []],
    ["all used as a value", "show(steps), note", []],
    ["an entry of another group", "other.steps2.time + note", ["steps.time", "steps.pay"]],
  ])("%s", (_, use, unused) => {
    expect(unusedEntries(entries, [use])).toEqual(unused);
  });
});
