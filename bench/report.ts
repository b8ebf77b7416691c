// bench/README.md: one section per part, each with the date of its own measurement. A run replaces the sections of the
// parts it measured and leaves the others alone.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";

const readme = new URL("./README.md", import.meta.url);

const intro = `# How fast it is

Written by \`npm run bench\` (\`npm run bench -- engine http booking growth page\` for some of the parts; all of them take
about ten minutes). Machines differ and are busy with other things, so every figure worth comparing is a ratio of two
things measured in turns in one run, and each of the two is the best of many short samples. The budgets are those of the
design ("Pace").
`;

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

export function writeSection(name: string, order: readonly string[], section: Section): void {
  const sections = readSections();
  sections.set(name, `## ${section.title}\n\n${section.text.trim()}`);
  const written = order.flatMap((part) => {
    const text = sections.get(part);
    return text === undefined ? [] : [`<!-- ${part} -->\n\n${text}\n\n<!-- /${part} -->`];
  });
  writeFileSync(readme, `${[intro.trim(), ...written].join("\n\n")}\n`);
}

function readSections(): Map<string, string> {
  const sections = new Map<string, string>();
  for (const [, name, text] of readText().matchAll(/<!-- (\w+) -->\n\n([\s\S]*?)\n\n<!-- \/\1 -->/g)) {
    if (name !== undefined && text !== undefined) sections.set(name, text);
  }
  return sections;
}

function readText(): string {
  try {
    return readFileSync(readme, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
