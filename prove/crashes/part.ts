import type { Finding, Prove } from "../proof.ts";
import { appRows, killTheApp } from "./appKills.ts";
import { cutJobEndings } from "./jobEndings.ts";
import { killThePostgres } from "./postgresKills.ts";
import { killTheWorker } from "./workerKills.ts";

export const crashes: Prove = async (scale) => {
  const findings: Finding[] = [];
  for (const { promise, play, ...rounds } of appRows) {
    if (rounds[scale] > 0) findings.push(await killTheApp(promise, play, rounds[scale]));
  }
  findings.push(...(await cutJobEndings(scale)));
  if (scale === "long") findings.push(...(await killTheWorker()), ...(await killThePostgres()));
  return { title: "kill -9", findings, notes };
};

const notes = `The app and the worker are separate processes. A trigger in the throw-away database makes the victim wait at the point where
it is to be killed; to kill it during a commit, the database's reply is held back. After each kill a new process is
started: acknowledged bookings must exist, every request is sent again with its key, the ledger is compared with the
bookings, and the jobs are worked off. Where the end of a job is recorded, a trigger terminates its own backend; half of those
jobs succeed and half of them fail. PostgreSQL is the embedded server as \`npm start\` runs it: all its processes lose their
postmaster at once and it recovers at the next start. The short form kills only the app and the backends that end jobs. Power
cuts are not tested: what survives them depends on the disk.`;
