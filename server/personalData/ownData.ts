import { type EpochMs, formatInstant } from "#scheduling/units.ts";
import type { Database } from "../platform/database/database.ts";
import type { Identity } from "../platform/http/identity.ts";

/** The tables of private.own_data(), in the order of the download. */
export const ownTables = [
  "account",
  "notification_settings",
  "calendar_feed",
  "calendar_connections",
  "connected_calendars",
  "busy_in_calendars",
  "sessions_in_calendars",
  "billing_details",
  "sign_in_methods",
  "passkeys",
  "signed_in_devices",
  "mentor_page",
  "former_usernames",
  "meeting_room",
  "meeting_places",
  "tax_settings",
  "payout_account",
  "payouts",
  "payout_reversals",
  "services",
  "service_durations",
  "hours",
  "days_off",
  "travel",
  "taken_time",
  "sessions_as_student",
  "sessions_as_mentor",
  "session_history",
  "session_links",
  "join_events",
  "session_networks",
  "documents",
  "payments",
  "packages_bought",
  "package_sessions",
  "packages_offered",
  "coupons",
  "coupons_used",
  "series",
  "baskets",
  "group_sessions",
  "programmes",
  "attendances",
  "payment_attempts",
  "refunds",
  "payment_history",
  "earnings",
  "no_show_reports",
  "time_requests",
  "suggested_times",
  "reviews_written",
  "reviews_received",
  "review_history",
  "private_notes",
  "favourite_mentors",
  "alerts",
  "waitlist",
  "waitlist_offers",
  "notifications",
  "mails",
  "reminders",
  "repeatable_requests",
  "administration",
] as const;
export type OwnTable = (typeof ownTables)[number];

/** A row as JSON has it: instants are text with an offset. */
export type OwnRow = Record<string, unknown>;

const pageSize = 500;

/** Reads a table's rows about the caller in pages, each in a transaction of its own, so that no size is too large. */
export async function* readOwnRows(
  database: Database,
  caller: Pick<Identity, "id">,
  table: OwnTable,
  size = pageSize,
): AsyncGenerator<OwnRow[]> {
  let after = "";
  for (;;) {
    const { rows } = await database.asSystem(
      "some of it is in tables that people cannot read themselves",
      caller.id,
      ({ client }) =>
        client.query<{ key: string; data: OwnRow }>({
          name: "own_data",
          text: "select key, data from private.own_data($1, $2, $3)",
          values: [table, after, size],
        }),
    );
    if (rows.length > 0) yield rows.map(({ data: { key: _key, ...row } }) => row);
    const last = rows.at(-1);
    if (!last || rows.length < size) return;
    after = last.key;
  }
}

/** The download as one JSON document, in pieces. Every table is in it, also without rows. */
export async function* ownDataAsJson(
  database: Database,
  caller: Pick<Identity, "id">,
  now: EpochMs,
): AsyncGenerator<string> {
  yield `{"downloaded_at":${JSON.stringify(formatInstant(now))}`;
  for (const table of ownTables) {
    yield `,\n${JSON.stringify(table)}:[`;
    let separator = "";
    for await (const rows of readOwnRows(database, caller, table)) {
      yield separator + rows.map((row) => JSON.stringify(row)).join(",\n");
      separator = ",\n";
    }
    yield "]";
  }
  yield "}\n";
}
