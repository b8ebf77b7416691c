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

/** https://developers.google.com/workspace/calendar/api/auth */
const scopes = {
  /** The list of calendars, and their events. */
  read: "https://www.googleapis.com/auth/calendar.readonly",
  /** Events of all calendars, but not their list. */
  events: "https://www.googleapis.com/auth/calendar.events",
  all: "https://www.googleapis.com/auth/calendar",
};
const issuers: readonly string[] = ["https://accounts.google.com", "accounts.google.com"];

/** https://developers.google.com/identity/protocols/oauth2#expiration */
const testingLasts = 7 * DAY_MS;

export function googleOAuth(
  { clientId, clientSecret, isTesting }: GoogleCalendarConfig,
  { authorization, token, revocation }: GoogleEndpoints,
): OAuthServer {
  return {
    issuer: "https://accounts.google.com",
    isIssuer: (issuer) => issuers.includes(issuer),
    authorization,
    token,
    revocation,
    clientId,
    clientSecret,
    asks: { read: [scopes.read], write: [scopes.read, scopes.events] },
    allows: { read: [scopes.read, scopes.all], write: [scopes.events, scopes.all] },
    further: ["openid"],
    incremental: { include_granted_scopes: "true" },
    // Only with consent does Google give a refresh token to an account that has been connected before.
    parameters: { access_type: "offline", prompt: "consent" },
    loginLasts: isTesting ? testingLasts : undefined,
  };
}
