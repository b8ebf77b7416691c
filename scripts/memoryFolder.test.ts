import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { expect, it } from "vitest";

const memoryFolder = new URL("./memoryFolder.ts", import.meta.url).href;

/** Runs a process that keeps its temporary files in memory. Returns what it saw, as lines. */
function run(env: Record<string, string> = {}): string[] {
  const script = `
    import { existsSync, writeFileSync } from "node:fs";
    const { keepTemporaryFilesInMemory } = await import(${JSON.stringify(memoryFolder)});
    keepTemporaryFilesInMemory();
    const { TMPDIR } = process.env;
    if (TMPDIR?.startsWith("/dev/shm/")) writeFileSync(TMPDIR + "/file", "");
    console.log(TMPDIR);`;
  const { PATH, HOME } = process.env;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    env: { PATH, HOME, ...env },
    encoding: "utf8",
  });
  return output.trim().split("\n");
}

it("keeps the temporary files of a run in memory and removes them, also those of a run that was killed", () => {
  const [folder = ""] = run();
  // A machine without room keeps them where it keeps all temporary files.
  if (folder === "undefined") return;
  expect(folder).toMatch(/^\/dev\/shm\/matepeak-tests-\d+-/);
  expect(existsSync(folder)).toBe(false);

  // No Linux has a process of this number.
  const abandoned = "/dev/shm/matepeak-tests-4194305-killed";
  const inUse = `/dev/shm/matepeak-tests-${process.pid}-running`;
  mkdirSync(abandoned, { recursive: true });
  mkdirSync(inUse);
  try {
    run();
    expect([existsSync(abandoned), existsSync(inUse)]).toEqual([false, true]);
  } finally {
    execFileSync("rmdir", [inUse]);
  }
});

it("leaves TMPDIR alone when it is set", () => {
  expect(run({ TMPDIR: "/tmp" })).toEqual(["/tmp"]);
});
