import { createHmac } from "node:crypto";
import { SignJWT } from "jose";
import type { BookingRole } from "#rules/bookingState.ts";
import { addMs, HOUR_MS } from "#scheduling/units.ts";
import type { MeetingConfig } from "../platform/config.ts";
import { deriveKey } from "../platform/derivedKey.ts";
import type { MadeMeeting, MeetingMaker, MeetingSession } from "./maker.ts";

type JitsiConfig = NonNullable<MeetingConfig["jitsi"]>;

/** How long after the end a token still opens the room: sessions run over. */
const graceMs = 2 * HOUR_MS;

/**
 * Rooms on a Jitsi server of one's own. A room exists when a person enters it, so nothing is called: its name is derived from
 * the session and a secret, and with an app id each person has a token that opens this room alone, with which the mentor
 * moderates. https://jitsi.github.io/handbook/docs/devops-guide/secure-domain/#jwt
 * @param secret of this app
 */
export function openJitsi({ url, token }: JitsiConfig, secret: string): MeetingMaker {
  const key = deriveKey(secret, "jitsi rooms v1");
  const roomOf = (sessionId: string) =>
    `matepeak-${createHmac("sha256", key).update(sessionId).digest("hex").slice(0, 40)}`;

  const shared = (room: string) => `${url}/${room}`;

  async function linkOf(
    room: string,
    session: MeetingSession,
    { role, name }: { role: BookingRole; name: string },
  ): Promise<string> {
    const link = shared(room);
    if (!token) return link;
    const isModerator = role === "mentor";
    const jwt = await new SignJWT({
      room,
      moderator: isModerator,
      context: {
        user: {
          name,
          moderator: isModerator,
          affiliation: isModerator ? "owner" : "member",
        },
      },
    })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer(token.appId)
      .setAudience(token.appId)
      .setSubject(new URL(url).hostname)
      .setExpirationTime(Math.floor(addMs(session.endsAt, graceMs) / 1000))
      .sign(new TextEncoder().encode(token.secret));
    return `${link}?jwt=${jwt}`;
  }

  async function make(session: MeetingSession): Promise<MadeMeeting> {
    const ref = roomOf(session.sessionId);
    const hostUrl = await linkOf(ref, session, { role: "mentor", name: session.mentorName });
    return { ref, guestUrl: shared(ref), ...(token && { hostUrl }) };
  }

  return {
    make,
    // The end of the tokens moves with the session.
    move: (_ref, session) => make(session),
    remove: async () => undefined,
    linkFor: (room, session, name) => linkOf(room, session, { role: "student", name }),
  };
}
