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
  return database.asUser(caller.id, async (tx) => {
    if (!(await lockOwnMentor(tx))) throw new Refusal("not_a_mentor");
    if (!isSeen(seen, await readRevision(tx, caller.id))) throw new Refusal("hours_changed");
    const result = await work(tx);
    const hours_revision = await readRevision(tx, caller.id);
    const outside_sessions = await readOutsideSessions(tx, caller.id, now());
    return { result, change: { hours_revision, outside_sessions } };
  });
}
