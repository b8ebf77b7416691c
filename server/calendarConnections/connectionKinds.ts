import { calendarStaleMinutes } from "#rules/calendarHealth.ts";
import type { CalendarVendor } from "#rules/calendarSignIn.ts";
import { asMinutes, type Minutes } from "#scheduling/units.ts";
import { systemClock } from "../platform/clock.ts";
import type { GoogleCalendarConfig, MicrosoftCalendarConfig } from "../platform/config.ts";
import { openPublicFetch, type PublicFetch } from "../platform/http/publicFetch.ts";
import { type Keyring, type NamedSecret, openKeyring } from "../platform/keyring.ts";
import { openCalDav } from "./caldav.ts";
import { openFeedProvider } from "./feed.ts";
import { openGoogleApi } from "./google/googleApi.ts";
import { openGoogleCalendar } from "./google/googleCalendar.ts";
import { type GoogleEndpoints, googleEndpoints, googleOAuth } from "./google/googleOAuth.ts";
import { openGraph } from "./microsoft/graph.ts";
import { openMicrosoftCalendar } from "./microsoft/microsoftCalendar.ts";
import { type MicrosoftEndpoints, microsoftEndpoints, microsoftOAuth } from "./microsoft/microsoftOAuth.ts";
import { type OAuth, openOAuth } from "./oauth.ts";
import type { CalendarProvider, LoginSecret } from "./provider.ts";
import { readCalendarEvents } from "./readCalendarEvents.ts";
import type { ReadEvents } from "./readEvents.ts";

/** What connections work with: the providers by kind, and how their logins are sealed. */
export interface Connecting {
  providers: Readonly<Record<string, CalendarProvider>>;
  logins: Logins;
  /** How old busy times may be, in minutes, before they count as too old to rely on. */
  staleMinutes: Minutes;
  /** Where the pages of sessions are; without a slash at the end. */
  publicUrl: string;
  /** How people sign in to vendors that are configured. */
  oauth: Readonly<Partial<Record<CalendarVendor, OAuth>>>;
}

interface Logins {
  prefix: Keyring["prefix"];
  seal(secret: LoginSecret, connectionId: string): Buffer;
  open(sealed: Uint8Array, connectionId: string): LoginSecret;
  /** The same under the key that seals now. */
  reseal(sealed: Uint8Array, connectionId: string): Buffer;
}

export interface ConnectingConfig {
  authSecret: string;
  publicUrl: string;
  /** The first seals, all open; none: the accounts' secret does. */
  secretKeys?: readonly NamedSecret[];
  /** `host` or `host:port` in the operator's own network. */
  privateCalendarHosts?: readonly string[];
  calendarStaleMinutes?: number;
  /** None: calendars of Google are not offered. */
  googleCalendar?: GoogleCalendarConfig | undefined;
  /** None: calendars of Microsoft are not offered. */
  microsoftCalendar?: MicrosoftCalendarConfig | undefined;
}

/** Where the vendors are; themselves if left out. */
export interface CalendarVendorEndpoints {
  google?: GoogleEndpoints;
  microsoft?: MicrosoftEndpoints;
}

export function openConnecting(
  {
    authSecret,
    publicUrl,
    secretKeys = [],
    privateCalendarHosts = [],
    calendarStaleMinutes: staleMinutes = calendarStaleMinutes,
    googleCalendar,
    microsoftCalendar,
  }: ConnectingConfig,
  readEvents: ReadEvents = readCalendarEvents,
  endpoints: CalendarVendorEndpoints = {},
): Connecting {
  const fetch = openPublicFetch({ privateHosts: privateCalendarHosts });
  const fallback = { id: "auth", secret: authSecret };
  const [first, ...rest] = secretKeys;
  // What was sealed before there were keys is opened by the accounts' secret.
  const keyring = openKeyring(first ? [first, ...rest, fallback] : [fallback], "calendar login v1");
  const google = googleCalendar && openGoogle(googleCalendar, endpoints.google ?? googleEndpoints, fetch);
  const microsoft = microsoftCalendar && openMicrosoft(microsoftCalendar, endpoints.microsoft, fetch);
  return {
    publicUrl,
    staleMinutes: asMinutes(staleMinutes),
    providers: {
      caldav: openCalDav(fetch, readEvents),
      feed: openFeedProvider(fetch, readEvents),
      ...(google && { google: google.provider }),
      ...(microsoft && { microsoft: microsoft.provider }),
    },
    oauth: {
      ...(google && { google: google.oauth }),
      ...(microsoft && { microsoft: microsoft.oauth }),
    },
    logins: {
      prefix: keyring.prefix,
      seal: (secret, id) => keyring.seal(JSON.stringify(secret), id),
      open: (sealed, id) => JSON.parse(keyring.open(sealed, id)) as LoginSecret,
      reseal: (sealed, id) => keyring.seal(keyring.open(sealed, id), id),
    },
  };
}

function openGoogle(config: GoogleCalendarConfig, endpoints: GoogleEndpoints, fetch: PublicFetch) {
  const oauth = openOAuth(googleOAuth(config, endpoints), fetch, systemClock);
  return { oauth, provider: openGoogleCalendar(openGoogleApi(fetch, oauth, endpoints.api)) };
}

function openMicrosoft(
  config: MicrosoftCalendarConfig,
  endpoints: MicrosoftEndpoints = microsoftEndpoints(config.tenant),
  fetch: PublicFetch,
) {
  const oauth = openOAuth(microsoftOAuth(config, endpoints), fetch, systemClock);
  return { oauth, provider: openMicrosoftCalendar(openGraph(fetch, oauth, endpoints.api)) };
}
