import { sql } from "kysely";
import { jsonArrayFrom } from "kysely/helpers/postgres";
import { instant } from "#contract/primitives.ts";
import { sessionType } from "#contract/services.ts";
import {
  type TimeRequest,
  type TimeRequestPage,
  type TimeRequestStatus,
  timeProposal,
  timeRequestStatus,
} from "#contract/timeRequests.ts";
import type { BookingRole } from "#rules/bookingState.ts";
import { decimalOfMinor } from "#rules/money.ts";
import type { SystemTx, UserTx } from "../platform/database/database.ts";
import { decodeCursor, encodeCursor, exactInstant } from "../platform/http/cursor.ts";

/** Unanswered requests are expired as soon as their time is over, even before the clean-up job runs. */
const statusNow = sql<string>`case when r.status = 'open' and r.expires_at <= now() then 'expired' else r.status end`;

function selectRequests(tx: UserTx | SystemTx) {
  return tx.db
    .selectFrom("time_requests as r")
    .innerJoin("expert_profiles as p", "p.id", "r.expert_id")
    .innerJoin("services as s", (join) =>
      join.onRef("s.id", "=", "r.service_id").onRef("s.expert_id", "=", "r.expert_id"),
    )
    .select([
      "r.id",
      "r.user_id",
      "r.expert_id",
      "r.service_id",
      "r.duration",
      "r.total_minor",
      "r.currency",
      "r.message",
      "r.user_name",
      "r.student_timezone",
      "r.awaiting",
      "r.round",
      "r.expires_at",
      "r.reason",
      "r.booking_id",
      "r.replaces_booking_id",
      "r.created_at",
      "r.updated_at",
      "s.session_type",
      "s.title",
      "p.timezone",
      "p.username",
      "p.full_name",
      "p.headline",
      statusNow.as("status"),
      sql<string>`${sql.raw(exactInstant("r.created_at"))}`.as("moment"),
    ])
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom("time_proposals as t")
          .select(["t.id", "t.proposed_by", "t.round", "t.starts_at", "t.accepted_at"])
          .whereRef("t.request_id", "=", "r.id")
          .whereRef("t.expert_id", "=", "r.expert_id")
          .orderBy("t.round")
          .orderBy("t.place"),
      ).as("proposals"),
    );
}

type RequestRow = Awaited<ReturnType<ReturnType<typeof selectRequests>["executeTakeFirstOrThrow"]>>;

/** A request by its id, or the one that replaces a booking. */
export type RequestKey = { id: string } | { replaces_booking_id: string; expert_id: string };

/** Returns one of the caller's requests, as student or as mentor; undefined for other people's. */
export async function findRequest(tx: UserTx | SystemTx, key: RequestKey): Promise<TimeRequest | undefined> {
  const all = selectRequests(tx);
  const found =
    "id" in key
      ? all.where("r.id", "=", key.id)
      : all
          .where("r.replaces_booking_id", "=", key.replaces_booking_id)
          .where("r.expert_id", "=", key.expert_id);
  const row = await found.executeTakeFirst();
  return row && presentRequest(row);
}

interface RequestSearch {
  as: BookingRole;
  status?: TimeRequestStatus | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** Returns a page of the caller's requests, newest first. */
export async function listRequests(
  tx: UserTx,
  userId: string,
  search: RequestSearch,
): Promise<TimeRequestPage> {
  const after = decodeCursor(search.cursor, instant);
  let query = selectRequests(tx)
    .where(search.as === "mentor" ? "r.expert_id" : "r.user_id", "=", userId)
    .orderBy("r.created_at", "desc")
    .orderBy("r.id", "desc")
    .limit(search.limit + 1);
  if (search.status) query = query.where(statusNow, "=", search.status);
  if (after) {
    query = query.where(sql<boolean>`(r.created_at, r.id) < (${after.key}::timestamptz, ${after.id}::uuid)`);
  }
  const rows = await query.execute();
  const page = rows.slice(0, search.limit);
  const last = rows.length > search.limit ? page.at(-1) : undefined;
  return {
    data: page.map(presentRequest),
    next_cursor: last ? encodeCursor(last.moment, last.id) : null,
  };
}

function presentRequest(row: RequestRow): TimeRequest {
  return {
    id: row.id,
    user_id: row.user_id,
    expert_id: row.expert_id,
    service_id: row.service_id,
    session_type: sessionType.parse(row.session_type),
    service_title: row.title,
    duration: row.duration,
    total_amount: decimalOfMinor(row.total_minor, row.currency),
    currency: row.currency,
    message: row.message,
    user_name: row.user_name,
    student_timezone: row.student_timezone,
    mentor_timezone: row.timezone,
    status: timeRequestStatus.parse(row.status),
    awaiting: row.awaiting === "mentor" ? "mentor" : "student",
    round: row.round,
    expires_at: row.expires_at.toISOString(),
    reason: row.reason,
    booking_id: row.booking_id,
    replaces_booking_id: row.replaces_booking_id,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    mentor: { id: row.expert_id, username: row.username, full_name: row.full_name, headline: row.headline },
    proposals: row.proposals.map((proposal) =>
      timeProposal.parse({
        ...proposal,
        // JSON of PostgreSQL, not of the driver: instants are text there.
        starts_at: new Date(proposal.starts_at).toISOString(),
        accepted_at: proposal.accepted_at && new Date(proposal.accepted_at).toISOString(),
      }),
    ),
  };
}
