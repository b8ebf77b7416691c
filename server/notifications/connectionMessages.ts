import { z } from "zod";
import { type NotificationContent, notificationContent } from "#contract/notifications.ts";
import { type EpochMs, parseInstant } from "#scheduling/units.ts";
import { occasionOf } from "../mail/occasion.ts";
import type { SystemTx } from "../platform/database/database.ts";
import { languageOf, type Message } from "./message.ts";

/** `at`: when it was found out, by the database's clock. */
const connectionPayload = z.object({
  kind: z.enum(["calendar_broken", "calendar_stale", "calendar_login_ends", "calendar_missing"]),
  connection_id: z.uuid(),
  calendar_id: z.uuid().nullable(),
  at: z.string(),
});
type Payload = z.output<typeof connectionPayload>;

/** Of private.connection_message_facts(). */
interface ConnectionFacts {
  user_id: string;
  connection_name: string;
  connection_kind: string;
  problem: string | null;
  needs_owner: boolean;
  if_stale: string;
  synced_at: Date | null;
  stale_told_at: Date | null;
  login_ends_at: Date | null;
  is_mentor: boolean;
  has_busy_calendar: boolean;
  person_name: string;
  email: string;
  timezone: string;
}

/** The message to the owner of a calendar connection; none if it is well again by now. */
export async function messagesOfConnection(tx: SystemTx, payload: unknown): Promise<Message[]> {
  const about = connectionPayload.parse(payload);
  const { rows } = await tx.client.query<ConnectionFacts>(
    "select * from private.connection_message_facts($1)",
    [about.connection_id],
  );
  const [connection] = rows;
  const content = connection && (await contentOf(tx, about, connection));
  if (!content) return [];
  const { user_id, person_name, email, timezone } = connection;
  return [
    {
      ...content.message,
      recipient: { id: user_id, name: person_name, email, timezone, language: languageOf(user_id) },
      dedupeKey: occasionOf(content.at, about.kind, about.connection_id, content.occasion),
      by: "system",
    },
  ];
}

async function contentOf(
  tx: SystemTx,
  { kind, connection_id, calendar_id, at }: Payload,
  connection: ConnectionFacts,
): Promise<{ message: NotificationContent; at: EpochMs; occasion: string } | null> {
  const {
    connection_name,
    connection_kind,
    problem,
    needs_owner,
    synced_at,
    stale_told_at,
    login_ends_at,
    is_mentor,
  } = connection;
  const base = { role: is_mentor ? "mentor" : "student", connection_id, connection: connection_name };
  const offering = offeringOf(connection);
  const day = at.slice(0, 10);
  const say = (facts: object, occasion: string, when = at) => ({
    message: notificationContent.parse({ kind, facts: { ...base, ...facts } }),
    at: parseInstant(when),
    occasion,
  });
  switch (kind) {
    case "calendar_broken":
      return needs_owner ? say({ connection_kind, problem, offering }, at) : null;
    case "calendar_stale":
      // Students' busy times decide nothing, and what only the person can mend they have been told of.
      if (offering === undefined || stale_told_at === null || needs_owner) return null;
      // One that comes and goes is told of once a day.
      return say({ synced_at: synced_at?.toISOString(), offering }, day, `${day}T00:00:00Z`);
    case "calendar_login_ends": {
      const ends_at = login_ends_at?.toISOString();
      return ends_at === undefined ? null : say({ ends_at }, ends_at, ends_at);
    }
    case "calendar_missing": {
      const { rows } = await tx.client.query<{ name: string }>(
        "select name from connected_calendars where id = $1 and missing_since is not null",
        [calendar_id],
      );
      return rows[0] ? say({ calendar: rows[0].name }, `${calendar_id}:${at}`) : null;
    }
    default:
      return kind satisfies never;
  }
}

function offeringOf({ is_mentor, has_busy_calendar, if_stale }: ConnectionFacts) {
  if (!is_mentor || !has_busy_calendar) return undefined;
  return if_stale === "pause" ? "pauses" : "continues";
}
