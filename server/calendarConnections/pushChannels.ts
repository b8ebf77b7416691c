import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { HOUR_MS } from "#scheduling/units.ts";
import type { Database } from "../platform/database/database.ts";
import type { Dependencies } from "../platform/http/route.ts";
import { CalendarProblem, type CalendarWatcher, type Login, type PushChannel } from "./provider.ts";

/** After a failure: without reports, changes are found by the usual reads. */
const nextTryMs = HOUR_MS;
/** A calendar's provider is asked in the time of a read. */
const longestAskMs = 30_000;
const reason = "calendars of many people report changes";

interface Keeping extends Dependencies {
  /** Without a slash at the end. Providers report to addresses with https alone. */
  publicUrl: string;
}

interface Kept {
  lease: { id: string; lease: string; kind: string };
  login: Login;
  watcher: CalendarWatcher;
  signal: AbortSignal;
}

interface CalendarRow {
  id: string;
  remote_id: string;
  is_wanted: boolean;
  push_channel: string | null;
  push_resource: string | null;
  push_ends_at: Date | null;
}

/**
 * Opens, renews and ends what lets the provider of a leased connection report changes. A channel is renewed in the middle of
 * its life. What fails here is tried again later, and is no failure of the connection.
 */
export async function keepChannels(
  { database, now, publicUrl }: Keeping,
  { lease, login, watcher, signal }: Kept,
): Promise<void> {
  if (!publicUrl.startsWith("https://")) return;
  const address = `${publicUrl}/api/v1/calendar-push/${lease.kind}`;
  for (const calendar of await readDue(database, lease.id)) {
    const { remote_id: remoteId, is_wanted: isWanted, push_channel: id, push_resource: resource } = calendar;
    const known = id === null ? null : { id, resource };
    const time = AbortSignal.any([signal, AbortSignal.timeout(longestAskMs)]);
    try {
      if (isWanted) {
        const secret = randomBytes(32).toString("base64url");
        const { endsAt, isNew, ...channel } = await watcher.watch(
          login,
          { remoteId },
          known,
          { address, secret },
          time,
        );
        const dueIn = Math.max((endsAt - now()) / 2, 0);
        await note(database, lease, calendar, {
          channel,
          secretHash: isNew ? hashOf(secret) : null,
          endsAt: new Date(endsAt),
          dueIn,
        });
      } else if (known) {
        await watcher.end(login, known, time);
        await note(database, lease, calendar, none);
      }
    } catch (error) {
      const isTheirs = error instanceof CalendarProblem || time.aborted;
      if (!isTheirs) throw error;
      const dueIn = Math.max(nextTryMs, error instanceof CalendarProblem ? (error.retryAfterMs ?? 0) : 0);
      const endsAt = calendar.push_ends_at;
      await note(database, lease, calendar, { channel: known, secretHash: null, endsAt, dueIn });
    }
  }
}

/** Of reports, those whose secret is that of the channel. */
export async function genuineChannels(
  database: Pick<Database, "commands">,
  reports: readonly { channel: string; secret: string }[],
): Promise<Set<string>> {
  const { rows } = await database.commands.query<{ push_channel: string; push_secret_hash: Buffer }>({
    name: "push_secrets",
    text: `select push_channel, push_secret_hash from connected_calendars
           where push_channel = any ($1) and push_secret_hash is not null`,
    values: [reports.map(({ channel }) => channel)],
  });
  const hashes = new Map(rows.map((row) => [row.push_channel, row.push_secret_hash]));
  const isGenuine = ({ channel, secret }: { channel: string; secret: string }) => {
    const hash = hashes.get(channel);
    return hash !== undefined && timingSafeEqual(hash, hashOf(secret));
  };
  return new Set(reports.filter(isGenuine).map(({ channel }) => channel));
}

/** The connections of these channels are read now. */
export async function receivePushes(
  database: Pick<Database, "commands">,
  channels: readonly string[],
  happened: "changed" | "renew" | "ended",
): Promise<void> {
  if (channels.length === 0) return;
  await database.commands.query({
    name: "receive_pushes",
    text: "select private.receive_pushes($1, $2)",
    values: [channels, happened],
  });
}

async function readDue(database: Database, connectionId: string): Promise<CalendarRow[]> {
  const { rows } = await database.asSystem(reason, null, ({ last }) =>
    last.client.query<CalendarRow>(
      `select id, remote_id, push_channel, push_resource, push_ends_at,
         missing_since is null and (counts_as_busy or receives_sessions) as is_wanted
       from connected_calendars
       where connection_id = $1 and (push_due_at is null or push_due_at <= now()) order by id`,
      [connectionId],
    ),
  );
  return rows;
}

interface NotedChannel {
  channel: PushChannel | null;
  /** Null: that of before. */
  secretHash: Buffer | null;
  endsAt: Date | null;
  dueIn: number;
}
const none: NotedChannel = { channel: null, secretHash: null, endsAt: null, dueIn: 0 };

async function note(
  database: Database,
  { id, lease }: Kept["lease"],
  calendar: CalendarRow,
  { channel, secretHash, endsAt, dueIn }: NotedChannel,
): Promise<void> {
  await database.asSystem(reason, null, ({ last }) =>
    last.client.query(
      "select private.note_push_channel($1, $2, $3, $4, $5, $6, $7, $8 * interval '1 millisecond')",
      [
        id,
        lease,
        calendar.id,
        channel?.id ?? null,
        channel?.resource ?? null,
        secretHash,
        endsAt,
        Math.round(dueIn),
      ],
    ),
  );
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
