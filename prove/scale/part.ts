import type { Prove } from "../proof.ts";
import { recoverFromDisaster } from "./recovery.ts";
import { migrateUnderLoad } from "./rollingMigration.ts";

export const beyondOneMachine: Prove = async (scale) => ({
  title: "Beyond one machine",
  findings: [
    ...(await migrateUnderLoad(scale)),
    // Needs a whole PostgreSQL, not only the embedded one.
    ...(scale === "long" ? await recoverFromDisaster() : []),
  ],
  notes,
});

const notes = `The apps are processes of their own, asked in turns without a proxy in front. Every answer but a success counts as failed.
A migration of the next version adds columns, a table and an index, and applies every logic file again; afterwards a process of the
old version is replaced by another one, which starts on the newer schema.

The lost server is the machine's own PostgreSQL: pg_basebackup once, and pg_receivewal as its synchronous standby, so that a booking
is acknowledged when its log is in two places. The server is stopped without a checkpoint and its files are removed. The mark is 50 ms
before the next booking. What the restored server no longer has is booked again through an app on it.`;
