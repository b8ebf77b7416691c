import { type MeetingKind, meetingKinds } from "#rules/meetingPlaces.ts";
import type { MeetingConfig } from "../platform/config.ts";
import type { Database } from "../platform/database/database.ts";
import { openJitsi } from "./jitsi.ts";
import type { MeetingMakers } from "./maker.ts";
import { openZoom, type ZoomAddresses } from "./zoom.ts";

/** What links are made with, and which Zoom users can hold them. */
export interface Meetings {
  makers: MeetingMakers;
  hosts: readonly string[];
}

export const noMeetings: Meetings = { makers: {}, hosts: [] };

/**
 * The ways to make a link that are configured. Google Meet's comes with the calendar connections (googleMeet.ts), MatePeak's own
 * room with the room: until then it is not offered.
 * @param secret of this app
 */
export function openMeetings(
  config: MeetingConfig | undefined,
  secret: string,
  zoomAddresses?: ZoomAddresses,
  further: Pick<MeetingMakers, "google_meet" | "matepeak_room"> = {},
): Meetings {
  const { zoom, jitsi } = config ?? {};
  const makers = {
    ...further,
    ...(zoom && { zoom: openZoom(zoom, zoomAddresses) }),
    ...(jitsi && { jitsi: openJitsi(jitsi, secret) }),
  };
  return { makers, hosts: zoom?.hosts ?? [] };
}

/** What a mentor can choose: Google Meet only with a Google calendar that their sessions are written to. */
export async function offeredKinds(
  database: Database,
  makers: MeetingMakers,
  mentorId: string,
): Promise<MeetingKind[]> {
  const withoutMaker: readonly MeetingKind[] = ["link", "phone", "in_person"];
  const canMeet = makers.google_meet !== undefined && (await canMeetThroughGoogle(database, mentorId));
  return meetingKinds.filter((kind) =>
    kind === "google_meet" ? canMeet : withoutMaker.includes(kind) || kind in makers,
  );
}

async function canMeetThroughGoogle(database: Database, mentorId: string): Promise<boolean> {
  const { rows } = await database.commands.query<{ can: boolean }>(
    "select private.can_meet_through_google($1) as can",
    [mentorId],
  );
  return rows[0]?.can ?? false;
}
