import { epochMs, HOUR_MS } from "#scheduling/units.ts";
import { systemClock } from "../../../platform/clock.ts";
import { openPublicFetch } from "../../../platform/http/publicFetch.ts";
import { microsoftClient, startMicrosoftCalendarServer } from "../../../testing/microsoftCalendarServer.ts";
import { openOAuth } from "../../oauth.ts";
import type { Login, TokenSecret } from "../../provider.ts";
import { openGraph } from "../graph.ts";
import { openMicrosoftCalendar } from "../microsoftCalendar.ts";
import { microsoftOAuth } from "../microsoftOAuth.ts";

/** A server that speaks for Entra and Graph, and the provider that asks it: as it is, but for its patience. */
export async function openCalendars() {
  const server = await startMicrosoftCalendarServer();
  const publicFetch = openPublicFetch({ privateHosts: [server.host] });
  const { bounds } = server;
  const fetch: typeof publicFetch = (address, request) =>
    publicFetch(address, { ...request, timeoutMs: bounds.timeoutMs });
  const oauth = openOAuth(microsoftOAuth(microsoftClient, server.endpoints), fetch, systemClock);
  const saved: TokenSecret[] = [];

  function signIn(scope?: string): Login {
    const { access_token: accessToken, refresh_token: refreshToken } = server.signIn(scope);
    const accessEndsAt = epochMs(Date.now() + HOUR_MS);
    return {
      connectionId: "one",
      serverUrl: null,
      username: server.account,
      secret: { kind: "tokens", accessToken, accessEndsAt, refreshToken, loginEndsAt: null },
      save: async (secret) => {
        if (secret.kind === "tokens") saved.push(secret);
      },
    };
  }

  let made = 0;
  return {
    server,
    provider: openMicrosoftCalendar(openGraph(fetch, oauth, server.endpoints.api)),
    signIn,
    /** Tokens that were stored. */
    saved,
    /** Returns the id. */
    addCalendar: () => {
      const id = `AAMkAG=${++made}`;
      const owner = { name: "Asha", address: server.account };
      server.calendars.push({ id, name: id, hexColor: "", canEdit: true, isDefaultCalendar: false, owner });
      return id;
    },
  };
}
