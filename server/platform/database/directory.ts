import { type RawBuilder, sql } from "kysely";
import type { Booking } from "#contract/bookings.ts";
import { Refusal } from "../errors.ts";
import type { Queryable, SystemTx, UserTx } from "./database.ts";

/**
 * The look-ups whose answer says which mentor's rows to read: by a username, a former username or a booking's id. Every
 * other statement names the mentor and could run wherever that mentor's rows are; if they are spread over several servers,
 * only this file has to ask a global table or a cache (docs/decisions/0040). directory.test.ts finds look-ups in other files.
 *
 * Two kinds are not here. E-mail addresses and login tokens are looked up by the accounts library, through its adapter
 * (server/accounts/hashedLogins.ts), and by nothing else. A booking's link contains the booking and the person, so
 * bookingLink.ts verifies it without a look-up.
 */

interface MentorAddress {
  by: "id" | "username";
  value: string;
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Returns what a mentor's address in a URL is: usernames are too short to look like ids. */
export function readMentorAddress(mentor: string): MentorAddress {
  return uuidForm.test(mentor)
    ? { by: "id", value: mentor }
    : { by: "username", value: normalUsername(mentor) };
}

/** PostgreSQL rejects NUL; no username contains "?" either. */
function normalUsername(username: string): string {
  return username.toLowerCase().replaceAll("\0", "?");
}

/** SQL: the id of the mentor with the address $1, for public reads that would otherwise need a second round trip. */
export const mentorIdSql: Readonly<Record<MentorAddress["by"], string>> = {
  id: "$1::uuid",
  username: "(select id from expert_profiles where username = $1)",
};

/** The same for a query that is built. */
export function mentorIdOf(mentor: string): RawBuilder<string> {
  const { by, value } = readMentorAddress(mentor);
  const [before = "", after = ""] = mentorIdSql[by].split("$1");
  return sql<string>`${sql.raw(before)}${value}${sql.raw(after)}`;
}

/** @throws Refusal `mentor_not_found` */
export async function findMentorId(executor: Queryable, mentor: string): Promise<string> {
  const { by, value } = readMentorAddress(mentor);
  const { rows } = await executor.query<{ id: string }>({
    name: `mentor_by_${by}`,
    text: `select id from expert_profiles where id = ${mentorIdSql[by]}`,
    values: [value],
  });
  if (!rows[0]) throw new Refusal("mentor_not_found");
  return rows[0].id;
}

/** What the document of a mentor's page says of them. */
export interface MentorCard {
  id: string;
  username: string;
  full_name: string;
  headline: string;
  /** Whether search engines may list the page. */
  listed: boolean;
}

/** The mentor at an address, by a current or a former username; null if there is none. */
export async function findMentorCard(executor: Queryable, mentor: string): Promise<MentorCard | null> {
  const { by, value } = readMentorAddress(mentor);
  const { rows } = await executor.query<MentorCard>({
    name: `mentor_card_by_${by}`,
    text: `select id, username, full_name, headline, listed from expert_profiles
           where id = coalesce(${mentorIdSql[by]},
             (select expert_id from former_usernames where username = $1::text and held_until > now()))`,
    values: [value],
  });
  return rows[0] ?? null;
}

/** Returns the present username of the mentor who had this one until recently. */
export async function findRenamed(executor: Queryable, username: string): Promise<string | undefined> {
  const { rows } = await executor.query<{ username: string }>(
    `select p.username from former_usernames f join expert_profiles p on p.id = f.expert_id
     where f.username = $1 and f.held_until > now()`,
    [normalUsername(username)],
  );
  return rows[0]?.username;
}

/**
 * Returns those of the usernames that are not in use or recently given up, in the same order. Mentors can take back their
 * own former ones. Only the constraint on the table is final.
 */
export async function findFreeUsernames(
  executor: Queryable,
  candidates: readonly string[],
  askedBy: string | null,
): Promise<string[]> {
  if (candidates.length === 0) return [];
  const { rows } = await executor.query<{ username: string }>(
    `select c.username from unnest($1::text[]) with ordinality c(username, place)
     where not exists (select from expert_profiles p where p.username = c.username)
       and not exists (
         select from former_usernames f
         where f.username = c.username and f.held_until > now() and f.expert_id is distinct from $2::uuid)
     order by c.place`,
    [candidates, askedBy],
  );
  return rows.map(({ username }) => username);
}

/** What every statement about a booking is given. A booking's mentor never changes. */
export type BookingKey = Pick<Booking, "id" | "expert_id">;

/** Returns a booking's key to those who may read the booking; undefined to all others. */
export async function findBookingKey(tx: UserTx | SystemTx, id: string): Promise<BookingKey | undefined> {
  const { rows } = await tx.client.query<{ expert_id: string | null }>({
    name: "mentor_of_booking",
    text: "select private.mentor_of_booking($1) as expert_id",
    values: [id],
  });
  const expert_id = rows[0]?.expert_id;
  return expert_id ? { id, expert_id } : undefined;
}

/** Returns the mentor who offers a package, to anyone; undefined if there is no such package. */
export async function findMentorOfPackage(executor: Queryable, id: string): Promise<string | undefined> {
  const { rows } = await executor.query<{ expert_id: string }>({
    name: "mentor_of_package",
    text: "select expert_id from packages where id = $1",
    values: [id],
  });
  return rows[0]?.expert_id;
}

/** Returns the mentor of a place in a queue, or of an offer, to the person whose it is; undefined to all others. */
export async function findWaitlistMentor(executor: Queryable, id: string): Promise<string | undefined> {
  const { rows } = await executor.query<{ expert_id: string | null }>({
    name: "mentor_of_waitlist",
    text: "select private.mentor_of_waitlist($1) as expert_id",
    values: [id],
  });
  return rows[0]?.expert_id ?? undefined;
}

/**
 * The mentor's id for a statement: a look-up that is part of it, which saves a round trip. On many machines it is looked up
 * beforehand, because the id says which machine runs the statement.
 */
async function mentorIn(tx: UserTx | SystemTx, lookUp: RawBuilder<string>): Promise<RawBuilder<string>> {
  if (!tx.isDistributed) return lookUp;
  const { rows } = await sql<{ expert_id: string | null }>`select ${lookUp} as expert_id`.execute(
    tx.ahead.db,
  );
  return sql<string>`${rows[0]?.expert_id ?? null}::uuid`;
}

/** The mentor of a bought package, for those who may read it. */
export function mentorOfPurchase(tx: UserTx | SystemTx, id: string): Promise<RawBuilder<string>> {
  return mentorIn(tx, sql`(select expert_id from package_purchases where id = ${id})`);
}

/** The mentor of a series, for those who may read it. */
export function mentorOfSeries(tx: UserTx | SystemTx, id: string): Promise<RawBuilder<string>> {
  return mentorIn(tx, sql`(select expert_id from series where id = ${id})`);
}

/** The mentor of a basket, for those who may read it. */
export function mentorOfBasket(tx: UserTx | SystemTx, id: string): Promise<RawBuilder<string>> {
  return mentorIn(tx, sql`(select expert_id from baskets where id = ${id})`);
}

/** A booking's mentor, for a read of the booking by those who may read it. */
export function mentorOfBooking(tx: UserTx | SystemTx, id: string): Promise<RawBuilder<string>> {
  return mentorIn(tx, sql`private.mentor_of_booking(${id})`);
}
