import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Finding, Prove } from "../proof.ts";
import { type ShiftedDay, shiftedDays, shortDay } from "./days.ts";
import { runAt, runJourneysAt, runUnitTestsAt, type TestRun } from "./shiftedRun.ts";

/** These start servers, fill disks or count requests, and read no date. */
const dateless =
  "**/{embedded,start,backup,drill,databaseDown,generatedFiles,migrate,supabase,supabaseAccess,checkSupabase,race,locks,metrics,admission,listen,workerLives}.test.ts";
/**
 * What reads dates most, in the time that `npm test` has for it, without long tests of other things; beside its other
 * workers, one is enough.
 */
const shortArguments = ["server/calendar/", "server/slots/", "src/lib/", "--maxWorkers=1"].concat([
  "--exclude",
  "**/{offered.property,slotCache,liveRevisions}.test.ts",
]);

export const dates: Prove = async (scale) => {
  const long = scale === "long";
  if (long)
    spawnSync(process.execPath, [
      fileURLToPath(new URL("../../scripts/setup.mjs", import.meta.url)),
      "build",
    ]);
  const findings: Finding[] = [];
  for (const day of long ? shiftedDays : [shortDay]) findings.push(await proveDay(day, long));
  findings.push(await proveTwin());
  return { title: "Tests on other days", findings, notes };
};

async function proveDay({ at, why }: ShiftedDay, long: boolean): Promise<Finding> {
  const chosen = long ? ["--exclude", dateless, "--exclude", "{prove,bench}/**"] : shortArguments;
  const unit = await runUnitTestsAt(at, chosen);
  const journeys: TestRun = long ? await runJourneysAt(at) : { passed: 0, failed: [] };
  const failed = [...unit.failed, ...journeys.failed];
  const counts = `${unit.passed} unit tests${long ? `, ${journeys.passed} journeys` : ""} passed`;
  return {
    promise: `The tests pass on ${at.toString().slice(0, 16)}Z: ${why}`,
    figure: failed.length === 0 ? counts : `${counts}, failed: ${failed.join("; ")}`,
    holds: failed.length === 0 && unit.passed > 0 && (!long || journeys.passed > 0),
  };
}

async function proveTwin(): Promise<Finding> {
  const program = ["prove/dates/dayAfterNextWeek.ts"];
  const friday = await runAt(Temporal.Instant.from("2027-01-01T06:00:00Z"), program);
  const saturday = await runAt(Temporal.Instant.from("2027-01-02T06:00:00Z"), program);
  return {
    promise:
      "a test that assumes that the day after a date in next week is in the same week fails on a Saturday",
    figure: `exit code ${friday} on a Friday, ${saturday} on the Saturday after it`,
    holds: friday === 0 && saturday === 1,
    twin: true,
  };
}

const notes = `Tests, app and PostgreSQL run under libfaketime, which moves their clocks by the same span; Chromium keeps the real
time, and a script moves the clock of its pages. The journeys do not inspect pages here (no axe, no pictures). Test files that
read no date are left out: those that start servers, fill disks or count requests.`;
