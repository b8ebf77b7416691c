import type { Connecting } from "../calendarConnections/connectionKinds.ts";
import { openLogin } from "../calendarConnections/login.ts";
import {
  asCalendarProblem,
  type CalendarProblemCode,
  type Login,
  type RemoteId,
  type RoomEntry,
} from "../calendarConnections/provider.ts";
import { sessionUid } from "../calendarEntries/sessionEntry.ts";
import type { Database } from "../platform/database/database.ts";
import { type MeetingMaker, type MeetingMakers, MeetingProblem, type MeetingSession } from "./maker.ts";

/** Of private.meet_calendar(). */
interface MeetCalendar {
  calendar_id: string;
  remote_id: string;
  connection_id: string;
  username: string | null;
  credential: Buffer;
  has_entry: boolean;
}

interface Opened {
  login: Login;
  calendar: RemoteId;
  row: MeetCalendar;
}

/**
 * Google Meet: the room of the session's entry in the Google calendar that the mentor's sessions are written to. What the entry
 * says, and when it is, is written elsewhere (server/sessionEntries/). A meeting's ref is the calendar that it is in.
 */
export function openGoogleMeet(
  database: Database,
  connecting: Connecting,
): Pick<MeetingMakers, "google_meet"> {
  const rooms = connecting.providers.google?.rooms;
  if (!rooms) return {};

  const open = async (
    { mentorId, sessionId }: Pick<MeetingSession, "mentorId" | "sessionId">,
    calendarId: string | null,
  ): Promise<Opened | null> => {
    const { rows } = await database.commands.query<MeetCalendar>(
      "select * from private.meet_calendar($1, $2, $3)",
      [mentorId, sessionId, calendarId],
    );
    const [row] = rows;
    if (!row) return null;
    const { connection_id: id, username, credential, remote_id: remoteId } = row;
    const login = openLogin({ database, ...connecting }, { id, server_url: null, username, credential });
    return { login, calendar: { remoteId }, row };
  };

  const make = async (session: MeetingSession, signal: AbortSignal) => {
    const opened = await open(session, null);
    if (!opened) throw new MeetingProblem("not_configured", "no Google calendar receives the sessions");
    const { login, calendar, row } = opened;
    return { ref: row.calendar_id, guestUrl: await rooms.make(login, calendar, entryOf(session), signal) };
  };

  const remove = async (
    ref: string,
    session: Pick<MeetingSession, "mentorId" | "sessionId">,
    signal: AbortSignal,
  ) => {
    const opened = await open(session, ref);
    // Of a calendar that is no longer connected nothing can be removed.
    if (!opened) return;
    const { login, calendar, row } = opened;
    const wish = { uid: sessionUid(session.sessionId), withEntry: !row.has_entry };
    await rooms.remove(login, calendar, wish, signal);
  };

  /** Also where nothing can be removed any more: the session meets elsewhere. */
  const leave: typeof remove = async (ref, session, signal) => {
    try {
      await remove(ref, session, signal);
    } catch (error) {
      if (!lasting.some((code) => code === asCalendarProblem(error)?.code)) throw error;
    }
  };

  const maker: MeetingMaker = {
    make: (session, signal) => asMeeting(() => make(session, signal)),
    move: (ref, session, signal) =>
      asMeeting(async () => {
        const opened = await open(session, null);
        if (opened?.row.calendar_id !== ref) {
          // Sessions are written to another calendar by now, or to none.
          const made = opened && (await make(session, signal));
          await leave(ref, session, signal);
          return made;
        }
        const { login, calendar } = opened;
        const guestUrl = await rooms.read(login, calendar, sessionUid(session.sessionId), signal);
        return guestUrl === null ? null : { ref, guestUrl };
      }),
    remove: (ref, session, signal) => asMeeting(() => remove(ref, session, signal)),
  };
  return { google_meet: maker };
}

function entryOf(session: MeetingSession): RoomEntry {
  const { sessionId, serviceTitle: title, startsAt, endsAt, timezone } = session;
  return { uid: sessionUid(sessionId), title, startsAt, endsAt, timezone };
}

/** Only the mentor can help with these. */
const lasting: readonly CalendarProblemCode[] = ["login_refused", "forbidden", "not_found"];
/** Nothing was done. */
const passing: readonly CalendarProblemCode[] = ["limited", "changed_elsewhere"];

/** @throws MeetingProblem in place of what the calendar says, which may hold addresses */
async function asMeeting<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const problem = asCalendarProblem(error);
    if (!problem) throw error;
    const { code, retryAfterMs } = problem;
    const kind = lasting.includes(code) ? "refused" : passing.includes(code) ? "limited" : "unclear";
    throw new MeetingProblem(kind, `the calendar: ${code}`, retryAfterMs ?? undefined);
  }
}
