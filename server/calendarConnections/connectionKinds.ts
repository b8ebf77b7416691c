import { calendarStaleMinutes } from "#rules/calendarHealth.ts";
import { asMinutes, type Minutes } from "#scheduling/units.ts";
import { openPublicFetch } from "../platform/http/publicFetch.ts";
import { type Keyring, type NamedSecret, openKeyring } from "../platform/keyring.ts";
import { openCalDav } from "./caldav.ts";
import { openFeedProvider } from "./feed.ts";
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
}

export function openConnecting(
  {
    authSecret,
    publicUrl,
    secretKeys = [],
    privateCalendarHosts = [],
    calendarStaleMinutes: staleMinutes = calendarStaleMinutes,
  }: ConnectingConfig,
  readEvents: ReadEvents = readCalendarEvents,
): Connecting {
  const fetch = openPublicFetch({ privateHosts: privateCalendarHosts });
  const fallback = { id: "auth", secret: authSecret };
  const [first, ...rest] = secretKeys;
  // What was sealed before there were keys is opened by the accounts' secret.
  const keyring = openKeyring(first ? [first, ...rest, fallback] : [fallback], "calendar login v1");
  return {
    publicUrl,
    providers: { caldav: openCalDav(fetch, readEvents), feed: openFeedProvider(fetch, readEvents) },
    staleMinutes: asMinutes(staleMinutes),
    logins: {
      prefix: keyring.prefix,
      seal: (secret, id) => keyring.seal(JSON.stringify(secret), id),
      open: (sealed, id) => JSON.parse(keyring.open(sealed, id)) as LoginSecret,
      reseal: (sealed, id) => keyring.seal(keyring.open(sealed, id), id),
    },
  };
}
