import type { MicrosoftCalendarConfig } from "../../platform/config.ts";
import type { OAuthServer } from "../oauth.ts";

export interface MicrosoftEndpoints {
  authorization: string;
  token: string;
  /** Of Microsoft Graph, with the version, and without a slash at the end. */
  api: string;
}

/** https://learn.microsoft.com/graph/permissions-reference */
const scopes = {
  read: "https://graph.microsoft.com/Calendars.Read",
  write: "https://graph.microsoft.com/Calendars.ReadWrite",
};
/** Of each tenant its own. */
const issuer = /^https:\/\/login\.microsoftonline\.com\/[0-9a-f-]{36}\/v2\.0$/;

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
    isIssuer: (name) => issuer.test(name),
    authorization,
    token,
    // Entra ends all logins of a person, or none.
    revocation: null,
    clientId,
    clientSecret,
    asks: { read: [scopes.read], write: [scopes.write] },
    allows: { read: [scopes.read, scopes.write], write: [scopes.write] },
    // So that there are a refresh token and an id token. Entra asks by itself for what an account has not allowed yet.
    further: ["offline_access", "openid"],
    // A browser may be signed in to several accounts, and the person may mean another one than the last.
    parameters: { prompt: "select_account" },
  };
}
