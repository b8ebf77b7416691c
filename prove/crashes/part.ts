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

const notes = `The app and the worker are processes of their own. A trigger in the throw-away database makes the victim wait where it is to
die, so that it dies exactly there; the word of a commit is held back on the way from the database. After each kill a new
process is started: what was acknowledged is looked for, every request is sent again with its key, the ledger is compared with
the bookings, and the jobs are worked off. Where the end of a job is recorded, a trigger terminates its own backend; half of
those jobs succeed and half of them fail. PostgreSQL is the embedded server as \`npm start\` runs it: all its processes lose their
postmaster at once and it recovers at the next start. In the short form only the app and the
backends that end jobs are killed. A power cut is not tried: what
the disk then keeps is the disk's promise.`;
