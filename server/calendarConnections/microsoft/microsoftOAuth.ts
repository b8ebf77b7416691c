import type { MicrosoftCalendarConfig } from "../../platform/config.ts";
import type { OAuthServer } from "../oauth.ts";

export interface MicrosoftEndpoints {
  authorization: string;
  token: string;
  /** Of Microsoft Graph, with the version, and without a slash at the end. */
  api: string;
}

/** https://learn.microsoft.com/entra/identity-platform/v2-protocols */
export function microsoftEndpoints(tenant: string): MicrosoftEndpoints {
  const authority = `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0`;
  return {
    authorization: `${authority}/authorize`,
    token: `${authority}/token`,
    api: "https://graph.microsoft.com/v1.0",
  };
}

export function microsoftOAuth(
  { clientId, clientSecret, tenant }: MicrosoftCalendarConfig,
  { authorization, token }: MicrosoftEndpoints,
): OAuthServer {
  return {
    issuer: `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/v2.0`,
    authorization,
    token,
    // Entra ends all logins of a person, or none.
    revocation: null,
    clientId,
    clientSecret,
    needs: { events: "https://graph.microsoft.com/Calendars.ReadWrite" },
    // So that there is a refresh token.
    further: ["offline_access"],
    // A browser may be signed in to several accounts, and the person may mean another one than the last.
    parameters: { prompt: "select_account" },
  };
}
