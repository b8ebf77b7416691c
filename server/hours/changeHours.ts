import type { HoursChange } from "#contract/availability.ts";
import type { UserTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/http/errors.ts";
import type { Identity } from "../platform/http/identity.ts";
import type { Services } from "../platform/http/route.ts";
import { readOutsideSessions } from "./outsideSessions.ts";
import { readRevision } from "./queries.ts";

export interface HoursEdit {
  caller: Identity;
  /** The If-Match header: the revision that was seen, in quotes. Left out, whatever is there is changed. */
  seen: string | undefined;
}

/**
 * Changes the caller's hours in the mentor's place in line: nobody books or edits in between. Of two tabs that saw the
 * same hours the second is refused.
 * @throws Refusal `not_a_mentor`, `hours_changed`
 */
export async function changeHours<T>(
  { database, now }: Services,
  { caller, seen }: HoursEdit,
  work: (tx: UserTx) => Promise<T>,
): Promise<{ result: T; change: HoursChange }> {
  return database.asUser(caller.id, async (tx) => {
    const mentor = await tx.db
      .selectFrom("expert_profiles")
      .select("hours_revision")
      .where("id", "=", caller.id)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (!mentor) throw new Refusal("not_a_mentor");
    if (!isSeen(seen, mentor.hours_revision)) throw new Refusal("hours_changed");
    const result = await work(tx);
    const hours_revision = await readRevision(tx, caller.id);
    const outside_sessions = await readOutsideSessions(tx, caller.id, now());
    return { result, change: { hours_revision, outside_sessions } };
  });
}

/** The tags of an If-Match header that can match, compared strongly (RFC 9110, 13.1.1); null when any revision does. */
export function tagsOf(seen: string | undefined): string[] | null {
  if (seen === undefined || seen.trim() === "*") return null;
  return seen.match(/(?:W\/)?"[^"]*"/g)?.filter((tag) => !tag.startsWith("W/")) ?? [];
}

/** Whether what the caller has seen is still what is there. */
export function isSeen(seen: string | undefined, revision: number): boolean {
  return tagsOf(seen)?.includes(etagOf(revision)) ?? true;
}

export function etagOf(revision: number): string {
  return `"${revision}"`;
}
