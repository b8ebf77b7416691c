// A README of measured sections, one per part, each with the date of its own measurement. A run replaces the sections of
// the parts it measured and leaves the others alone.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

export interface Section {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}

/** What the machine is, without saying which. */
export function describeMachine(postgresVersion?: string): string {
  const [cpu] = cpus();
  const parts = [
    `${cpus().length} × ${cpu?.model.trim() ?? "unknown CPU"}`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `Node ${process.versions.node}`,
    ...(postgresVersion ? [`PostgreSQL ${postgresVersion}`] : []),
    new Date().toISOString().slice(0, 10),
  ];
  return parts.join(" · ");
}

export interface Report {
  readonly file: URL;
  /** Markdown above all sections. */
  readonly intro: string;
  /** The parts' names in the order of their sections. */
  readonly order: readonly string[];
}

export function writeSection({ file, intro, order }: Report, name: string, section: Section): void {
  const sections = readSections(file);
  sections.set(name, `## ${section.title}\n\n${section.text.trim()}`);
  const written = order.flatMap((part) => {
    const text = sections.get(part);
    return text === undefined ? [] : [`<!-- ${part} -->\n\n${text}\n\n<!-- /${part} -->`];
  });
  writeFileSync(file, `${[intro.trim(), ...written].join("\n\n")}\n`);
}

function readSections(file: URL): Map<string, string> {
  const sections = new Map<string, string>();
  for (const [, name, text] of readText(file).matchAll(/<!-- (\w+) -->\n\n([\s\S]*?)\n\n<!-- \/\1 -->/g)) {
    if (name !== undefined && text !== undefined) sections.set(name, text);
  }
  return sections;
}

function readText(file: URL): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
