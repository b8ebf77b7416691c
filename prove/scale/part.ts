import type { Finding, Prove } from "../proof.ts";
import { checkTables } from "./distribution.ts";
import { outliveThePrimary } from "./failOver.ts";
import { poolUnderLoad } from "./poolers.ts";
import { recoverFromDisaster } from "./recovery.ts";
import { migrateUnderLoad } from "./rollingMigration.ts";
import { restartUnderLoad } from "./rollingRestart.ts";
import { liveOnSupabase } from "./supabase.ts";

export const beyondOneMachine: Prove = async (scale) => ({
  title: "Beyond one machine",
  findings: [
    ...(await migrateUnderLoad(scale)),
    // Some of these need a whole PostgreSQL, not only the embedded one, PgBouncer or deno.
    ...(scale === "long" ? await inLength() : []),
  ],
  notes,
});

async function inLength(): Promise<Finding[]> {
  return [
    ...(await restartUnderLoad()),
    ...(await poolUnderLoad()),
    ...(await outliveThePrimary()),
    ...(await recoverFromDisaster()),
    ...(await liveOnSupabase()),
    ...(await checkTables()),
  ];
}

const notes = `Two apps and a worker are processes of their own; Debian's nginx is in front of the apps with \`deploy/nginx.conf\`, and the worker
sends to a mail server of the proof. Every answer but a success counts as failed. nginx closes idle connections when it is reloaded; a
request that was sent on one at that moment is asked once more, as browsers do, and counted. After the load each booking must have one
notification for its mentor, and a mail to each of the two that reached the mail server once. Live updates are heard through nginx.

A migration of the next version adds columns, a table and an index, and applies every logic file again; afterwards a process of the
old version is replaced by another one, which starts on the newer schema. To be replaced, a process is taken out of nginx, gets
SIGTERM, drains and ends; another one starts on its port and is put in again. In the twin it gets SIGKILL unannounced.

PgBouncer has a login for each purpose; the processes know no other way to the database, except that \`LISTEN_URL\` and
\`QUEUE_URL\` go around it in transaction mode, where it has four connections for each login.

The replica is a streaming standby of the machine's own PostgreSQL with \`recovery_min_apply_delay\`. One app books, another one, with
\`REPLICA_URL\`, is asked by a visitor as soon as the booking is acknowledged, or when its live update tells of it; a mentor saves the
headline at the one and reads the list and the page at the other. Free times are asked for by username: by id an answer may come
from memory, which hears of another process up to some 26 ms later, with a replica and without (docs/decisions/0043). In the twin the standby is \`VISITORS_URL\`, revisions included. For
the fail-over both servers are hosts of \`DATABASE_URL\`; the primary is stopped at once, without a checkpoint, while four people book,
and the standby is promoted by hand. A booking that is refused is asked for again with its key. In the twin the stream is cut before
the last bookings, and no commit waits for it.

The lost server is the machine's own PostgreSQL: pg_basebackup once, and pg_receivewal as its synchronous standby, so that a booking
is acknowledged when its log is in two places. The server is stopped without a checkpoint and its files are removed. The mark is 50 ms
before the next booking. What the restored server no longer has is booked again through an app on it.

The slot engine in deno is Supabase's function (\`supabase/functions/slots\`), in the version of Supabase's runtime: mentors with bookings,
buffers, days off, nights and groups, in four zones over half a year. The issuer is a local one that signs as Supabase Auth does, on a database with
Supabase's roles and tables. The core on a Citus cluster has a [section of its own](#distributed-on-citus).`;
