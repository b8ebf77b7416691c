import type { HoursChange } from "#contract/hours.ts";
import type { UserTx } from "../platform/database/database.ts";
import { lockOwnMentor } from "../platform/database/mentorLock.ts";
import { Refusal } from "../platform/errors.ts";
import { isSeen } from "../platform/http/etag.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { readOutsideSessions } from "./outsideSessions.ts";
import { readRevision } from "./queries.ts";

export interface HoursEdit {
  caller: Identity;
  /** The If-Match header: the revision that was seen, in quotes. If undefined, the current revision is changed. */
  seen: string | undefined;
}

/**
 * Changes the caller's hours under the mentor's lock: no booking or other edit happens in between. Of two tabs that saw
 * the same hours, the second is rejected.
 * @throws Refusal `not_a_mentor`, `hours_changed`
 */
export async function changeHours<T>(
  { database, now }: Dependencies,
  { caller, seen }: HoursEdit,
  work: (tx: UserTx) => Promise<T>,
): Promise<{ result: T; change: HoursChange }> {
  const { result, hours_revision } = await database.asUser(caller.id, async (tx) => {
    // Sent together: PostgreSQL reads the revision once it has the lock.
    const [isMentor, current] = await Promise.all([lockOwnMentor(tx), readRevision(tx, caller.id)]);
    if (!isMentor) throw new Refusal("not_a_mentor");
    if (!isSeen(seen, current)) throw new Refusal("hours_changed");
    return { result: await work(tx), hours_revision: await readRevision(tx.last, caller.id) };
  });
  const outside_sessions = await database.asUser(caller.id, (tx) =>
    readOutsideSessions(tx, caller.id, now()),
  );
  return { result, change: { hours_revision, outside_sessions } };
}
