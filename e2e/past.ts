import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { turnOnAdministrator } from "../server/testing/administrator.ts";
import { letEnd } from "../server/testing/booking.ts";
import { shiftGroup } from "../server/testing/groups.ts";

/** Works in the server's database: only there can a session be moved into the past. */
export async function asOwner<T>(
  work: (owner: pg.Client) => Promise<T>,
  folder = process.env.E2E_DATA_DIR ?? "",
): Promise<T> {
  const password = readFileSync(join(folder, "postgres-password"), "utf8").trim();
  // The fourth line of PostgreSQL's pidfile is its port.
  const port = Number(readFileSync(join(folder, "postgres", "postmaster.pid"), "utf8").split("\n")[3]);
  const owner = new pg.Client({ host: "127.0.0.1", port, user: "postgres", password, database: "matepeak" });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}

/** Moves a session so that it ended this many hours ago. */
export function letSessionEnd(bookingId: string, hoursAgo: number): Promise<void> {
  return asOwner((owner) => letEnd({ owner }, bookingId, hoursAgo));
}

/** Lets the time to answer a no-show report run out and runs the job that records it. */
export function letAnswerRunOut(bookingId: string): Promise<void> {
  return asOwner(async (owner) => {
    await owner.query("set session_replication_role = replica");
    await owner.query(
      "update no_show_claims set answer_until = now() - interval '1 second' where booking_id = $1",
      [bookingId],
    );
    await owner.query("reset session_replication_role");
    await owner.query("select private.expire_no_show_claims(1000)");
  });
}

/** Completes past sessions, as a job does every few minutes. */
export function completeHeldSessions(mentorId: string): Promise<void> {
  return asOwner(async (owner) => {
    await owner.query(
      `select private.complete_held_sessions(mentor_id, array_agg(booking_id))
       from private.held_sessions(1000) where mentor_id = $1 group by mentor_id`,
      [mentorId],
    );
  });
}

/** As if the person had entered the code of a mail. */
export function confirmAddress(personId: string, dataDir?: string): Promise<unknown> {
  return asOwner(
    (owner) => owner.query("update auth.users set email_verified = true where id = $1", [personId]),
    dataDir,
  );
}

/** As if the person had signed in longer ago than a proof of who they are counts. */
export function letProofAge(personId: string): Promise<unknown> {
  return asOwner((owner) =>
    owner.query("update auth.sessions set proved_at = now() - interval '11 minutes' where user_id = $1", [
      personId,
    ]),
  );
}

/** Lets a mail server have rejected all mail to an address. */
export function rejectMailTo(address: string): Promise<unknown> {
  return asOwner((owner) =>
    owner.query("insert into private.unreachable_addresses values (lower($1), '550 No such mailbox')", [
      address,
    ]),
  );
}

/** Makes a person an administrator whose two-factor sign-in was on before their login began. */
export function makeAdministrator(userId: string): Promise<void> {
  return asOwner((owner) => turnOnAdministrator(owner, userId));
}

/** Lets the hold of an unpaid booking end, in the database of an app of its own, and releases its time as a job does. */
export function letHoldEnd(dataDir: string, bookingId: string, mentorId: string): Promise<void> {
  return asOwner(async (owner) => {
    await owner.query("set session_replication_role = replica");
    await owner.query("update bookings set expires_at = now() - interval '1 second' where id = $1", [
      bookingId,
    ]);
    await owner.query(
      `update occupancies set expires_at = now() - interval '1 second'
       where id = (select occupancy_id from bookings where id = $1)`,
      [bookingId],
    );
    await owner.query("reset session_replication_role");
    await owner.query("select private.sweep_mentor($1, 10)", [mentorId]);
  }, dataDir);
}

/** Lets the time come at which it is decided whether a group session takes place, and decides it as a job does. */
export function decideGroup(dataDir: string, groupId: string): Promise<void> {
  return asOwner(async (owner) => {
    const { rows } = await owner.query<{ mentor: string }>(
      "update group_sessions set decide_at = now() where id = $1 returning expert_id as mentor",
      [groupId],
    );
    await owner.query("select private.decide_group_sessions($1, 10)", [rows[0]?.mentor]);
  }, dataDir);
}

/** Moves a group session with its seats so that it began ten minutes ago. */
export function letGroupBegin(dataDir: string, session: { id: string }): Promise<void> {
  return asOwner((owner) => shiftGroup({ owner }, session, "10 minutes"), dataDir);
}
