import { offerTerms } from "#rules/waitlist.ts";
import { addMs, asMinutes, type EpochMs, epochMs } from "#scheduling/units.ts";
import type { Queryable } from "../platform/database/database.ts";
import { personOf } from "./people.ts";
import { type PlacedSession, settingsOf } from "./placeSessions.ts";
import { actAs } from "./writeComingSessions.ts";
import { type ServiceIds, serviceName } from "./writeMentors.ts";

/**
 * Joins the queues of the sessions, and offers what is free to the first in line, as the app does. Such an offer ends some hours
 * after the first start like any other, and the next in line is asked.
 */
export async function writeWaits(
  owner: Queryable,
  sessions: readonly PlacedSession[],
  services: ServiceIds,
  now: EpochMs,
): Promise<void> {
  for (const placed of sessions) {
    const { queue = [], seats } = placed.session;
    const entries: string[] = [];
    for (const student of queue) entries.push(await joinQueue(owner, placed, student, services));
    const [first] = entries;
    if (first && seats.length === 0) await offerTo(owner, first, queue[0]!, placed, now);
  }
  await owner.query("select set_config('role', 'none', true), set_config('request.jwt.claims', '', true)");
}

/** Returns the id of the entry. */
async function joinQueue(
  owner: Queryable,
  { session, mentor, service, startsAt }: PlacedSession,
  handle: string,
  services: ServiceIds,
): Promise<string> {
  const student = personOf(handle);
  await actAs(owner, "matepeak_app", student.id);
  const { rows } = await owner.query<{ id: string }>(
    `insert into waitlist_entries (user_id, expert_id, service_id, duration, kind, timezone, starts_from, starts_until)
     values ($1, $2, $3, $4, 'slot', $5, $6, $7) returning id`,
    [
      student.id,
      personOf(mentor.handle).id,
      services.get(serviceName(mentor.handle, service.key)),
      session.minutes,
      student.timezone,
      new Date(startsAt),
      new Date(addMs(epochMs(startsAt), 1)),
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("The entry of the waitlist was not returned.");
  return row.id;
}

async function offerTo(
  owner: Queryable,
  entry: string,
  handle: string,
  { mentor, service, startsAt }: PlacedSession,
  now: EpochMs,
): Promise<void> {
  const terms = offerTerms({
    offeredAt: now,
    startsAt: epochMs(startsAt),
    cancelCutoff: asMinutes(service.cancel_cutoff ?? 0),
    minimumNotice: settingsOf(mentor).minimum_notice,
    timezone: personOf(handle).timezone,
  });
  if (!terms) throw new Error(`A demo offer of ${mentor.handle} comes too late to be answered.`);
  await owner.query("select private.make_offer($1, $2, $3, $4, $5)", [
    personOf(mentor.handle).id,
    entry,
    new Date(startsAt),
    new Date(terms.expiresAt),
    terms.isFinal,
  ]);
}
