import type { Client } from "pg";
import { windowHours } from "#rules/windows.ts";
import { DAY_MS, type EpochMs, epochMs } from "#scheduling/units.ts";
import { createPasswordAccounts } from "../accounts/createPasswordAccounts.ts";
import { typed } from "../platform/database/database.ts";
import { demoFavourites } from "./favourites.ts";
import { demoMentors } from "./mentors/index.ts";
import { demoPassword, demoPeople, isDemoId, personOf, toAccount } from "./people.ts";
import { placeSessions } from "./placeSessions.ts";
import { demoReviews } from "./reviews.ts";
import { comingSessions } from "./sessions/coming.ts";
import { heldSessions } from "./sessions/held.ts";
import { pastSessions } from "./sessions/past.ts";
import { writeComingSessions } from "./writeComingSessions.ts";
import { writeMentors } from "./writeMentors.ts";
import { type DemoPayments, writeMoney } from "./writeMoney.ts";
import { demoNoShow, writeNoShow } from "./writeNoShow.ts";
import { writePastSessions } from "./writePastSessions.ts";
import { writeProgramme } from "./writeProgramme.ts";
import { writeReviews } from "./writeReviews.ts";
import { writeWaits } from "./writeWaits.ts";

/** Our own lock id: app processes that start at the same time seed one demo, and none while it is being removed. */
export const demoLock = 7_420_114;

interface Seeding {
  wanted: boolean;
  now?: number;
  /** null: nothing is paid for through the app. */
  payments?: DemoPayments | null;
}

/**
 * Fills a migrated database without people with demo mentors, students and sessions if `wanted`, all in one transaction;
 * never where the demo was removed. `owner` is a connection of the schema's owner, `now` epoch ms. Returns whether the
 * database has the demo people, also from an earlier start.
 */
export async function seedDemoData(
  owner: Client,
  { wanted, now = Date.now(), payments = null }: Seeding,
): Promise<boolean> {
  const found = await findContent(owner);
  if (found !== "empty" || !wanted) return found === "demo";
  await owner.query("begin");
  try {
    await owner.query("select pg_advisory_xact_lock($1)", [demoLock]);
    const foundWithLock = await findContent(owner);
    if (foundWithLock === "empty") await seed(owner, epochMs(now), payments);
    await owner.query("commit");
    return foundWithLock === "empty" || foundWithLock === "demo";
  } catch (error) {
    // On a lost connection this fails, but the server has rolled back already.
    await owner.query("rollback").catch(() => undefined);
    throw error;
  }
}

/** Whether a visitor can see that the database has the demo people. */
export async function holdsDemoMentors(visitor: Client): Promise<boolean> {
  const { rowCount } = await visitor.query(
    `select from public.expert_profiles where ${isDemoId("id")} limit 1`,
  );
  return rowCount !== 0;
}

/** "removed": no people since the demo was removed. */
async function findContent(owner: Client): Promise<"empty" | "demo" | "others" | "removed"> {
  const { rows } = await owner.query<{ people: boolean; demo: boolean; removed: boolean }>(
    `select exists (select from auth.users) as people,
       exists (select from auth.users where ${isDemoId("id")}) as demo,
       exists (select from private.demo_removals) as removed`,
  );
  const [found] = rows;
  if (found?.demo) return "demo";
  if (found?.people) return "others";
  return found?.removed ? "removed" : "empty";
}

async function seed(owner: Client, now: EpochMs, payments: DemoPayments | null): Promise<void> {
  const db = typed(owner);
  const accounts = demoPeople.map((person) => toAccount(person, now));
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
  // Placed together, because a mentor's limits count the whole current week.
  const placed = placeSessions(demoMentors, [...pastSessions, ...comingSessions, ...heldSessions], now);
  await writePastSessions(db, placed.slice(0, pastSessions.length), services);
  await writeReviews(owner, demoReviews, services);
  await writeNoShow(owner, demoNoShow, services);
  const held = placed.splice(-heldSessions.length);
  const coming = placed.slice(pastSessions.length);
  await writeComingSessions(owner, coming, services);
  await writeWaits(owner, coming, services, now);
  await writeProgramme(owner, services, now);
  if (payments) await writeMoney(owner, payments, { services, held, now });
  await ageNews(owner);
}

/**
 * Lets the bookings have been made a while ago: the people of the demo find them in their inboxes, but a first start does not
 * send a hundred mails. The report of a no-show stays new.
 */
async function ageNews(owner: Client): Promise<void> {
  await owner.query(
    `update booking_events set created_at = created_at - $1 * interval '1 hour'
     where notified_at is null and kind not like 'no\\_show%'`,
    [windowHours.delivery],
  );
}
