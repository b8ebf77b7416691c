import { bookingOf, dateIn, readSlots } from "../../server/testing/booking.ts";
import { ledgerFaults } from "../../server/testing/ledger.ts";
import type { Finding, Prove } from "../proof.ts";
import { codesOf } from "../rounds.ts";
import { onStage } from "../stage.ts";
import { exhaustPool } from "./exhaustPool.ts";
import { canMakeDisks, onSmallDisk, type SmallDisk } from "./smallDisk.ts";

export const outage: Prove = async (scale) => {
  const rounds = scale === "long" ? 10 : 1;
  const findings = [await exhaustPool(rounds)];
  if (canMakeDisks) findings.push(await onSmallDisk((disk) => fillDisk(disk, scale === "long" ? 5 : 1)));
  return { title: "No database, no disk space, no connection", findings, notes };
};

function fillDisk(disk: SmallDisk, rounds: number): Promise<Finding> {
  return onStage(
    8,
    async ({ test, people }) => {
      const startedAt = performance.now();
      const faults: string[] = [];
      let [acknowledged, refused, found] = [0, 0, 0];
      for (let round = 0; round < rounds; round++) {
        const mentor = await test.makeMentor();
        const all = await readSlots(test.visitor, mentor, {
          from: dateIn(mentor, 1),
          to: dateIn(mentor, 28),
        });
        // No two overlap: an hour's session every two hours.
        const starts = all.filter((_, index) => index % 8 === 0).map((slot) => slot.starts_at);
        const ask = (index: number) =>
          people[index % people.length]!.call("POST", "/bookings", bookingOf(mentor, starts[index]!), {
            "idempotency-key": `disk ${round} ${index}`,
          });
        disk.fill();
        const kept = new Set<number>();
        let index = 0;
        for (let full = 0; full < 5 && index < starts.length; index++) {
          const answer = await ask(index);
          if (answer.status === 201) kept.add(index);
          else {
            full += 1;
            const seen = `${answer.status} ${answer.headers["retry-after"]} ${Object.keys(codesOf([answer]))}`;
            if (seen !== "503 5 database_unavailable") faults.push(`answered ${seen}`);
          }
        }
        refused += index - kept.size;
        if (index === kept.size) faults.push("the disk was never full");
        if ((await test.visitor("GET", "/mentors")).status !== 200) faults.push("nothing can be read");
        const stored = await test.db.owner.query("select from bookings where expert_id = $1", [mentor.id]);
        acknowledged += kept.size;
        found += stored.rowCount ?? 0;
        disk.clear();
        // The same requests with the same keys: those that were refused are done now, the others once.
        for (let again = 0; again < index; again++) {
          const { status } = await ask(again);
          if (status !== 201) faults.push(`afterwards ${status}`);
        }
        const after = await test.db.owner.query("select from bookings where expert_id = $1", [mentor.id]);
        if (after.rowCount !== index) faults.push(`${after.rowCount} bookings for ${index} keys`);
      }
      if (acknowledged !== found) faults.push("acknowledged and stored differ");
      faults.push(...(await ledgerFaults(test.db.owner)).map((fault) => JSON.stringify(fault)));
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      return {
        promise:
          "The disk is full: 503, nothing half stored, reads still work; once there is room, the same keys book",
        figure: `${rounds} rounds · ${acknowledged} acknowledged, ${found} found, ${refused} refused · ${
          faults.length > 0 ? [...new Set(faults)].slice(0, 3).join("; ") : "no fault"
        } · ${seconds} s`,
        holds: faults.length === 0,
      };
    },
    { tablespace: disk.tablespace },
  );
}

const notes = `A database that is unreachable or accepts no logins is tested route by route in server/postgres/databaseDown.test.ts. The full
disk is a tmpfs of 64 MiB that holds the tables and indexes of the app's database; a file fills the rest of it. Only root
may mount one: for other users this row is missing${canMakeDisks ? "" : ", as in this run"}. PostgreSQL's write-ahead log (WAL) stays on another
disk: a full disk there stops the server itself, which is the case of an unreachable database.`;
