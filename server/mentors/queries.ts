import type { Kysely } from "kysely";
import { sql } from "kysely";
import { z } from "zod";
import type { Mentor, MentorPage, MentorProfile, MentorSummary } from "#contract/mentors.ts";
import { decimalOfMinor } from "#rules/money.ts";
import type { DB } from "../../db/types.gen.ts";
import type { UserTx } from "../platform/database/database.ts";
import { mentorIdOf } from "../platform/database/directory.ts";
import { decodeCursor, encodeCursor } from "../platform/http/cursor.ts";
import { listServices } from "../services/queries.ts";

const profileColumns = [
  "id",
  "username",
  "full_name",
  "headline",
  "bio",
  "expertise",
  "languages",
  "timezone",
  "slot_interval",
  "buffer_before",
  "buffer_after",
  "minimum_notice",
  "booking_window_days",
  "max_per_day",
  "max_per_week",
  "instant_confirm",
  "require_confirmed_address",
  "approve_first_timers",
  "listed",
  "accepting_bookings",
  "verified",
  "rating",
  "review_count",
  "created_at",
] as const;

/** Returns a mentor's public page with the bookable services; undefined if there is no such mentor. */
export async function findMentor(db: Kysely<DB>, mentor: string): Promise<Mentor | undefined> {
  const row = await db
    .selectFrom("expert_profiles")
    .select(profileColumns)
    .where("id", "=", mentorIdOf(mentor))
    .executeTakeFirst();
  if (!row) return undefined;
  const services = await listServices(db, row.id, { enabledOnly: true });
  return { ...presentProfile(row), services };
}

/** Returns the caller's mentor profile; null if they are not a mentor. */
export async function findOwnProfile(tx: UserTx, userId: string): Promise<MentorProfile | null> {
  const row = await tx.db
    .selectFrom("expert_profiles")
    .select(profileColumns)
    .where("id", "=", userId)
    .executeTakeFirst();
  return row ? presentProfile(row) : null;
}

/** Selects mentors (`p`) as lists show them, with the lowest price of their services. */
export function selectSummaries(db: Kysely<DB>) {
  return db
    .selectFrom("expert_profiles as p")
    .leftJoin(
      (offers) =>
        offers
          .selectFrom("services as s")
          .innerJoin("service_durations as d", (join) =>
            join.onRef("d.service_id", "=", "s.id").onRef("d.expert_id", "=", "s.expert_id"),
          )
          .where("s.enabled", "=", true)
          .where("s.deleted_at", "is", null)
          .groupBy(["s.expert_id", "s.currency"])
          .select(["s.expert_id", "s.currency"])
          .select((eb) => eb.fn.min("d.price_minor").as("from_price_minor"))
          .as("offer"),
      (join) => join.onRef("offer.expert_id", "=", "p.id"),
    )
    .select([
      "p.id",
      "p.username",
      "p.full_name",
      "p.headline",
      "p.expertise",
      "p.languages",
      "p.timezone",
      "p.accepting_bookings",
      "p.verified",
      "p.rating",
      "p.review_count",
      "offer.from_price_minor",
      "offer.currency",
    ]);
}

type SummaryRow = Awaited<ReturnType<ReturnType<typeof selectSummaries>["executeTakeFirstOrThrow"]>>;

/** @param row of `selectSummaries`, without further columns */
export function presentSummary({ from_price_minor, currency, ...row }: SummaryRow): MentorSummary {
  if (from_price_minor === null || currency === null) return { ...row, from_price: null, currency: null };
  return { ...row, from_price: decimalOfMinor(from_price_minor, currency), currency };
}

interface MentorSearch {
  q?: string | undefined;
  expertise?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/**
 * Returns a page of listed mentors; every word of `q` must occur in the profile. Names rank before other text, whole words
 * before beginnings of words, and these before other matches; equal matches rank by rating.
 */
export async function searchMentors(db: Kysely<DB>, search: MentorSearch): Promise<MentorPage> {
  const after = decodeCursor(search.cursor, z.number());
  const words = (search.q ?? "").split(/\s+/).filter(Boolean).slice(0, 8);
  const rank = rankOf(words);
  let query = selectSummaries(db)
    .select(rank.as("rank"))
    .where("p.listed", "=", true)
    .orderBy("rank", "desc")
    .orderBy("p.id")
    .limit(search.limit + 1);
  for (const word of words) query = query.where(sql<boolean>`p.search_text like ${patternOf(word)}`);
  if (search.expertise) query = query.where(sql<boolean>`p.expertise @> array[${search.expertise}]::text[]`);
  if (after) query = query.where(sql<boolean>`(-${rank}, p.id) > (${-after.key}::float8, ${after.id}::uuid)`);

  const rows = await query.execute();
  const page = rows.slice(0, search.limit);
  const last = rows.length > search.limit ? page.at(-1) : undefined;
  return {
    data: page.map(({ rank: _rank, ...row }) => presentSummary(row)),
    next_cursor: last ? encodeCursor(last.rank, last.id) : null,
  };
}

/** A LIKE pattern for text that contains the word: folded like the text, with wildcards escaped. */
function patternOf(word: string) {
  return sql`'%' || regexp_replace(fold_for_search(${word}::text), ${"([\\\\%_])"}, ${"\\\\\\1"}, 'g') || '%'`;
}

/** One number, so that a cursor can continue exactly where a page ended. A rating weighs less than one step of a match. */
function rankOf(words: readonly string[]) {
  const matches = words.map((word) => {
    const folded = sql`fold_for_search(${word}::text)`;
    return sql`case
      when position(' ' || ${folded} || ' ' in p.search_name) > 0 then 40
      when position(' ' || ${folded} in p.search_name) > 0 then 30
      when position(' ' || ${folded} || ' ' in p.search_words) > 0 then 20
      when position(' ' || ${folded} in p.search_words) > 0 then 10
      else 0 end`;
  });
  return sql<number>`(${sql.join([sql`p.ranked_rating`, ...matches], sql` + `)})::float8`;
}

function presentProfile<Row extends { created_at: Date }>(
  row: Row,
): Omit<Row, "created_at"> & { created_at: string } {
  return { ...row, created_at: row.created_at.toISOString() };
}
