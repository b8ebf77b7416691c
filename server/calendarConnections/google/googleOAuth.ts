import { DAY_MS } from "#scheduling/units.ts";
import type { GoogleCalendarConfig } from "../../platform/config.ts";
import type { OAuthServer } from "../oauth.ts";

/** https://developers.google.com/identity/protocols/oauth2/web-server */
export const googleEndpoints = {
  authorization: "https://accounts.google.com/o/oauth2/v2/auth",
  token: "https://oauth2.googleapis.com/token",
  revocation: "https://oauth2.googleapis.com/revoke",
  api: "https://www.googleapis.com/calendar/v3",
};
export type GoogleEndpoints = typeof googleEndpoints;

/** https://developers.google.com/identity/protocols/oauth2#expiration */
const testingLasts = 7 * DAY_MS;

export function googleOAuth(
  { clientId, clientSecret, isTesting }: GoogleCalendarConfig,
  { authorization, token, revocation }: GoogleEndpoints,
): OAuthServer {
  return {
    issuer: "https://accounts.google.com",
    authorization,
    token,
    revocation,
    clientId,
    clientSecret,
    needs: {
      list: "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
      events: "https://www.googleapis.com/auth/calendar.events",
    },
    // Only with consent does Google give a refresh token to an account that has been connected before.
    parameters: { access_type: "offline", prompt: "consent" },
    loginLasts: isTesting ? testingLasts : undefined,
  };
}
