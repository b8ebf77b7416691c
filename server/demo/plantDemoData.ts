import type { Client } from "pg";
import { DAY_MS, type EpochMs, epochMs } from "#scheduling/units.ts";
import { createPasswordAccounts } from "../accounts/createPasswordAccounts.ts";
import { typed } from "../platform/database/database.ts";
import { demoFavourites } from "./favourites.ts";
import { demoMentors } from "./mentors/index.ts";
import { demoPassword, everybody, isDemoId, personOf, toAccount } from "./people.ts";
import { placeSessions } from "./placeSessions.ts";
import { demoReviews } from "./reviews.ts";
import { comingSessions } from "./sessions/coming.ts";
import { pastSessions } from "./sessions/past.ts";
import { writeComingSessions } from "./writeComingSessions.ts";
import { writeMentors } from "./writeMentors.ts";
import { demoNoShow, writeNoShow } from "./writeNoShow.ts";
import { writePastSessions } from "./writePastSessions.ts";
import { writeReviews } from "./writeReviews.ts";

/** Any number that is ours alone: two app processes that start at once plant one demo, and none while one is removed. */
export const demoLock = 7_420_114;

/**
 * Fills a migrated database in which there are no people yet with demo mentors, students and sessions, if that is
 * `wanted`: all of it or nothing, and never where the demo was removed. `owner` is a connection of the schema's owner,
 * `now` epoch ms. Answers whether the database holds the demo people now, whoever planted them.
 */
export async function plantDemoData(
  owner: Client,
  { wanted, now = Date.now() }: { wanted: boolean; now?: number },
): Promise<boolean> {
  const found = await whoIsHere(owner);
  if (found !== "nobody" || !wanted) return found === "demo";
  await owner.query("begin");
  try {
    await owner.query("select pg_advisory_xact_lock($1)", [demoLock]);
    const foundInLine = await whoIsHere(owner);
    if (foundInLine === "nobody") await plant(owner, epochMs(now));
    await owner.query("commit");
    return foundInLine === "nobody" || foundInLine === "demo";
  } catch (error) {
    // A lost connection cannot be rolled back, and need not be: the server has done it.
    await owner.query("rollback").catch(() => undefined);
    throw error;
  }
}

/** "removed": there are no people since the demo was removed. */
async function whoIsHere(owner: Client): Promise<"nobody" | "demo" | "others" | "removed"> {
  const { rows } = await owner.query<{ anybody: boolean; demo: boolean; removed: boolean }>(
    `select exists (select from auth.users) as anybody,
       exists (select from auth.users where ${isDemoId("id")}) as demo,
       exists (select from private.demo_removals) as removed`,
  );
  const [found] = rows;
  if (found?.demo) return "demo";
  if (found?.anybody) return "others";
  return found?.removed ? "removed" : "nobody";
}

async function plant(owner: Client, now: EpochMs): Promise<void> {
  const db = typed(owner);
  const accounts = everybody.map((person) => toAccount(person, now));
  await createPasswordAccounts(owner, accounts, demoPassword);
  const services = await writeMentors(db, demoMentors, now);
  await db
    .insertInto("favourite_mentors")
    .values(
      demoFavourites.map(({ student, mentor, daysAgo }) => ({
        user_id: personOf(student).id,
        expert_id: personOf(mentor).id,
        created_at: new Date(now - daysAgo * DAY_MS),
      })),
    )
    .execute();
  // Placed together: a mentor's limits count the whole week that today lies in.
  const placed = placeSessions(demoMentors, [...pastSessions, ...comingSessions], now);
  await writePastSessions(db, placed.slice(0, pastSessions.length), services);
  await writeReviews(owner, demoReviews, services);
  await writeNoShow(owner, demoNoShow, services);
  await writeComingSessions(owner, placed.slice(pastSessions.length), services);
}
